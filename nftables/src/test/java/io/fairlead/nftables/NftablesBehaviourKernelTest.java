package io.fairlead.nftables;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.testing.behaviour.ServiceBehaviour;
import java.io.IOException;
import java.util.List;

/** Services as shared maps, with packets. */
class NftablesBehaviourKernelTest extends ServiceBehaviour {

  /** The base table masquerades nothing on the way to any pod. */
  static final NodeNetwork NETWORK =
      new NodeNetwork(
          List.of(Cidr.parse("10.244.1.0/24"), Cidr.parse("fd00:244:1::/64")),
          List.of(),
          List.of(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00:244::/32")));

  @Override
  protected String name() {
    return "nftables";
  }

  @Override
  protected ServiceBackend backend(AddressClaims claims, ServiceSettings settings)
      throws Exception {
    NfTablesSocket kernel = closeAfter(node().call(NfTablesSocket::open));
    return new NftablesServices(kernel, claims, NETWORK, settings);
  }

  @Override
  protected void settle(ServiceBackend backend) throws IOException {
    ((NftablesServices) backend).followUp();
  }
}
