package io.fairlead.ipvs;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.testing.behaviour.ServiceBehaviour;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;

/** Services over IPVS, with packets. */
class IpvsBehaviourKernelTest extends ServiceBehaviour {

  private static final int LONGEST_WAIT = 10;

  private final Semaphore pending = new Semaphore(0);
  private @Nullable IpvsServices services;

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
    IpvsServices started =
        StartedIpvs.start(
            node(), this::closeAfter, claims, settings, knownAddresses(), pending::release);
    services = started;
    return started;
  }

  /**
   * The kernel remembers a client for the time that held when it came, and for as long as it
   * remembers one of its connections, which is two minutes after TCP's end.
   */
  @Override
  protected boolean forgetsClients() {
    return false;
  }

  @Override
  protected void addressChanged(ServiceBackend backend, IpAddress address, boolean isPresent)
      throws Exception {
    IpvsServices current = Objects.requireNonNull(services);
    while (current.holds(address) != isPresent) {
      if (!pending.tryAcquire(LONGEST_WAIT, TimeUnit.SECONDS)) {
        throw new AssertionError("nothing was heard of " + address);
      }
    }
    current.commit();
  }
}
