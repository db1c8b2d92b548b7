package io.fairlead.ipvs;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.generic.MissingFamilyException;
import io.fairlead.dataplane.netlink.ipvs.IpvsSocket;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.testing.TestNamespace;
import io.fairlead.dataplane.testing.behaviour.ServiceBehaviour;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;

/** Services over IPVS, with packets. */
class IpvsBehaviourKernelTest extends ServiceBehaviour {

  private static final int LONGEST_WAIT = 10;

  private final Semaphore pending = new Semaphore(0);
  private @Nullable IpvsServices services;

  @BeforeAll
  static void requireIpvs() throws Exception {
    try (TestNamespace namespace = TestNamespace.create("probe");
        IpvsSocket socket = namespace.call(IpvsSocket::open)) {
      socket.info();
    } catch (MissingFamilyException e) {
      Assumptions.abort("this kernel has no IPVS (module ip_vs): " + e.getMessage());
    }
  }

  @Override
  protected String name() {
    return "ipvs";
  }

  @Override
  protected ServiceBackend backend(AddressClaims claims, ServiceSettings settings)
      throws Exception {
    IpvsKernels kernels =
        new IpvsKernels(
            closeAfter(node().call(IpvsSocket::open)),
            closeAfter(node().call(NfTablesSocket::open)),
            closeAfter(node().call(RouteSocket::open)));
    // As the agent sets them.
    for (String name : List.of("conntrack", "expire_nodest_conn", "expire_quiescent_template")) {
      node().run("sysctl", "-q", "-w", "net.ipv4.vs." + name + "=1");
    }
    IpvsServices started =
        new IpvsServices(
            kernels,
            claims,
            settings,
            IpvsSettings.DEFAULT,
            (_, sentence) -> {
              throw new AssertionError(sentence);
            },
            pending::release);
    started.sources(knownAddresses());
    closeAfter(node().call(started::watch));
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
