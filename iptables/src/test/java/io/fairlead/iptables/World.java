package io.fairlead.iptables;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceNode;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.iptables.kernel.FakeXtables;
import io.fairlead.iptables.rule.IptablesTable;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A node whose pods have 10.244.1.0/24 and fd00:244:1::/64, with a kernel that is not there. */
final class World {

  static final ServiceNode NODE =
      new ServiceNode(
          Sample.HERE,
          null,
          List.of(IpAddress.parse("192.0.2.1"), IpAddress.parse("2001:db8::1")),
          true,
          false);
  static final ServiceSettings SETTINGS =
      ServiceSettings.ofPods(List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:244:1::/64")));

  final AddressClaims claims;
  final FakeXtables kernel;
  final IptablesServices backend;
  final ServiceNode node;
  final AtomicInteger refusals = new AtomicInteger();

  World() {
    this(SETTINGS, NODE);
  }

  World(ServiceSettings settings, ServiceNode node) {
    this(new AddressClaims(), new FakeXtables(), settings, node);
  }

  private World(
      AddressClaims claims, FakeXtables kernel, ServiceSettings settings, ServiceNode node) {
    this.claims = claims;
    this.kernel = kernel;
    this.node = node;
    this.backend = new IptablesServices(kernel, claims, settings, refusals::incrementAndGet);
  }

  /** The same Services and kernel, with an agent that has just started. */
  World restarted(ServiceSettings settings) {
    return new World(claims, kernel, settings, node);
  }

  /** The same Services, and a kernel that has never held any. */
  World fresh(ServiceSettings settings) {
    return new World(claims, new FakeXtables(), settings, node);
  }

  World update(ObjectKey key, @Nullable ServiceFragment fragment) {
    backend.update(claims.update(key, fragment));
    return this;
  }

  World update(Sample sample) {
    return update(sample.key, sample.fragment(node));
  }

  List<String> commit() throws IOException {
    return backend.commit();
  }

  /** All chains of both tables and families. */
  String save() {
    StringBuilder text = new StringBuilder();
    for (AddressFamily family : AddressFamily.values()) {
      for (IptablesTable table : IptablesTable.values()) {
        text.append(family)
            .append(' ')
            .append(table)
            .append('\n')
            .append(kernel.save(family, table));
      }
    }
    return text.toString();
  }

  String nat() {
    return kernel.save(AddressFamily.IPV4, IptablesTable.NAT);
  }

  String nat6() {
    return kernel.save(AddressFamily.IPV6, IptablesTable.NAT);
  }

  String filter() {
    return kernel.save(AddressFamily.IPV4, IptablesTable.FILTER);
  }
}
