package io.fairlead.nftables;

import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.testing.behaviour.SctpBehaviour;
import java.io.IOException;

/** SCTP through Services as shared maps, with packets. */
class NftablesSctpKernelTest extends SctpBehaviour {

  @Override
  protected String name() {
    return "nftables";
  }

  @Override
  protected ServiceBackend backend(AddressClaims claims, ServiceSettings settings)
      throws Exception {
    NfTablesSocket kernel = closeAfter(node().call(NfTablesSocket::open));
    return new NftablesServices(kernel, claims, NftablesBehaviourKernelTest.NETWORK, settings);
  }

  @Override
  protected void settle(ServiceBackend backend) throws IOException {
    ((NftablesServices) backend).followUp();
  }
}
