package io.fairlead.ipvs.companion;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.EndpointSet.Absence;
import io.fairlead.dataplane.service.Frontend.Masquerade;
import io.fairlead.dataplane.service.LocalPods;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.service.VirtualAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Addresses and treatments for tests. */
final class Samples {

  static final ServiceSettings SETTINGS =
      settings(new LocalPods.Networks(cidrs("10.244.1.0/24", "fd00:244:1::/64")));

  static final VirtualAddress WEB = tcp("10.96.0.10", 80);
  static final IpAddress POD = IpAddress.parse("10.244.1.3");

  private Samples() {}

  static ServiceSettings settings(LocalPods pods) {
    return new ServiceSettings(
        pods,
        List.of(),
        cidrs("10.96.0.0/16", "fd00:96::/112"),
        ServiceSettings.DEFAULT_MASQUERADE_MARK);
  }

  static List<Cidr> cidrs(String... texts) {
    return List.of(texts).stream().map(Cidr::parse).toList();
  }

  static VirtualAddress tcp(String address, int port) {
    return new VirtualAddress(IpAddress.parse(address), Protocol.TCP, port);
  }

  /** A usual cluster IP. */
  static AddressTreatment clusterIp() {
    return new AddressTreatment(true, Masquerade.ALL_BUT_LOCAL_PODS, 0, null, null, null, true);
  }

  /** A cluster IP without endpoints. */
  static AddressTreatment refused() {
    return absent(Absence.REFUSE, Absence.REFUSE);
  }

  static AddressTreatment absent(@Nullable Absence inside, @Nullable Absence outside) {
    return new AddressTreatment(
        true, Masquerade.ALL_BUT_LOCAL_PODS, 0, inside, outside, null, inside == null);
  }

  /** A load balancer's address with the policy Local. */
  static AddressTreatment local(int mark) {
    return new AddressTreatment(true, Masquerade.NODE, mark, null, null, null, true);
  }

  static AddressTreatment restricted(String... clients) {
    return new AddressTreatment(true, Masquerade.EVERYBODY, 0, null, null, cidrs(clients), true);
  }

  static Map<VirtualAddress, AddressTreatment> many(int services) {
    Map<VirtualAddress, AddressTreatment> many = new TreeMap<>();
    for (int i = 0; i < services; i++) {
      many.put(tcp("10.96." + i / 250 + "." + i % 250, 80), clusterIp());
    }
    return many;
  }
}
