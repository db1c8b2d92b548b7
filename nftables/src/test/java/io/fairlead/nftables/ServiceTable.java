package io.fairlead.nftables;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceSettings;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The backend together with the claims that it renders. */
final class ServiceTable {

  static final ServiceSettings SETTINGS =
      ServiceSettings.ofPods(List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:244:1::/64")));

  final AddressClaims claims = new AddressClaims();
  final NftablesServices backend;

  ServiceTable(NfTablesKernel kernel) {
    this(kernel, SETTINGS);
  }

  ServiceTable(NfTablesKernel kernel, ServiceSettings settings) {
    backend = new NftablesServices(kernel, claims, Samples.NETWORK, settings);
  }

  void update(ObjectKey service, Optional<ServiceFragment> fragment) {
    backend.update(claims.update(service, fragment.orElse(null)));
  }

  List<String> commit() throws IOException {
    return backend.commit();
  }

  List<String> audit() throws IOException {
    return backend.audit();
  }

  void network(NodeNetwork network) {
    backend.network(network);
  }

  void distrust() {
    backend.distrust();
  }

  boolean isPending() {
    return backend.isPending();
  }

  int frontends() {
    return backend.frontends();
  }
}
