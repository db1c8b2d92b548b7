package io.fairlead.nftables;

import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.testing.behaviour.ServiceBehaviour;
import java.util.List;

/** Services as shared maps, with packets. */
class NftablesBehaviourKernelTest extends ServiceBehaviour {

  /** Without networks, the base table masquerades nothing. */
  private static final NodeNetwork NONE = new NodeNetwork(List.of(), List.of(), List.of());

  @Override
  protected String name() {
    return "nftables";
  }

  @Override
  protected ServiceBackend backend(AddressClaims claims, ServiceSettings settings)
      throws Exception {
    NfTablesSocket kernel = closeAfter(node().call(NfTablesSocket::open));
    return new NftablesServices(kernel, claims, NONE, settings);
  }
}
