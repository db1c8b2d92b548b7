package io.fairlead.ipvs;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.generic.MissingFamilyException;
import io.fairlead.dataplane.netlink.ipvs.IpvsSocket;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.testing.TestNamespace;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** Services over IPVS in a node's namespace, set up as the agent does it. */
final class StartedIpvs {

  private StartedIpvs() {}

  /** Takes what has to be closed after the Services, the last one first. */
  interface Closer {
    <T extends AutoCloseable> T closeAfter(T resource);
  }

  /** Skips the tests of a class on a kernel without IPVS. */
  static void requireIpvs() throws Exception {
    try (TestNamespace namespace = TestNamespace.create("probe");
        IpvsSocket socket = namespace.call(IpvsSocket::open)) {
      socket.info();
    } catch (MissingFamilyException e) {
      Assumptions.abort("this kernel has no IPVS (module ip_vs): " + e.getMessage());
    }
  }

  /**
   * Starts without Services; nothing is committed yet.
   *
   * @param pending called when there is something to commit, on any thread
   */
  static IpvsServices start(
      TestNamespace node,
      Closer closer,
      AddressClaims claims,
      ServiceSettings settings,
      List<IpAddress> sources,
      Runnable pending)
      throws Exception {
    IpvsKernels kernels =
        new IpvsKernels(
            closer.closeAfter(node.call(IpvsSocket::open)),
            closer.closeAfter(node.call(NfTablesSocket::open)),
            closer.closeAfter(node.call(RouteSocket::open)));
    // As the agent sets them.
    for (String name : List.of("conntrack", "expire_nodest_conn", "expire_quiescent_template")) {
      node.run("sysctl", "-q", "-w", "net.ipv4.vs." + name + "=1");
    }
    IpvsServices services =
        new IpvsServices(
            kernels,
            claims,
            settings,
            IpvsSettings.DEFAULT,
            (_, sentence) -> {
              throw new AssertionError(sentence);
            },
            pending);
    services.sources(sources);
    closer.closeAfter(node.call(services::watch));
    return services;
  }
}
