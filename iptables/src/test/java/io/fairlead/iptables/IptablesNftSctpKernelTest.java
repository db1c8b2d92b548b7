package io.fairlead.iptables;

import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.testing.behaviour.SctpBehaviour;
import io.fairlead.iptables.kernel.NftXtables;

/** SCTP through Services as chains of iptables, written through nf_tables, with packets. */
class IptablesNftSctpKernelTest extends SctpBehaviour {

  @Override
  protected String name() {
    return "iptables-nft";
  }

  @Override
  protected ServiceBackend backend(AddressClaims claims, ServiceSettings settings)
      throws Exception {
    return new IptablesServices(node().call(NftXtables::open), claims, settings, () -> {});
  }
}
