package io.fairlead.ipvs;

import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.testing.behaviour.SctpBehaviour;
import org.junit.jupiter.api.BeforeAll;

/** SCTP through Services over IPVS, with packets. */
class IpvsSctpKernelTest extends SctpBehaviour {

  @BeforeAll
  static void requireIpvs() throws Exception {
    StartedIpvs.requireIpvs();
  }

  @Override
  protected String name() {
    return "ipvs";
  }

  @Override
  protected ServiceBackend backend(AddressClaims claims, ServiceSettings settings)
      throws Exception {
    return StartedIpvs.start(
        node(), this::closeAfter, claims, settings, knownAddresses(), () -> {});
  }
}
