package io.fairlead.agent.preflight;

import io.fairlead.agent.preflight.KernelFeature.State;
import io.fairlead.dataplane.netlink.NetlinkConstants;
import io.fairlead.dataplane.netlink.NetlinkSocket;
import io.fairlead.dataplane.netlink.conntrack.ConntrackSocket;
import io.fairlead.dataplane.netlink.generic.GenericFamily;
import io.fairlead.dataplane.netlink.log.LoggedPacket;
import io.fairlead.dataplane.netlink.log.PacketLog;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkKind;
import io.fairlead.dataplane.netlink.route.LinkSettings;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.netlink.route.TokenBucket;
import io.fairlead.dataplane.sys.NamespaceThread;
import io.fairlead.dataplane.sys.SystemCallException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * Finds out what the kernel can do by doing it: in a network namespace of its own, which is gone
 * when the answer is there. Making the first link or table of a kind may load a module, as the
 * agent's would.
 */
public final class KernelProbe {

  /** The feature that the mode ipvs needs, and nothing else does. */
  public static final String IPVS = "IPVS";

  private static final String BRIDGE = "probe0";

  private KernelProbe() {}

  /** What is done to see whether something can be done; it throws if it cannot. */
  @FunctionalInterface
  private interface Attempt {
    void make() throws IOException;
  }

  private record Probe(String name, boolean needed, String loss, String advice, Attempt attempt) {

    KernelFeature run() {
      try {
        attempt.make();
        return feature(State.FOUND, "");
      } catch (IOException e) {
        return feature(State.MISSING, Objects.toString(e.getMessage(), e.toString()));
      }
    }

    KernelFeature feature(State state, String reason) {
      return new KernelFeature(name, state, reason, loss, needed, advice);
    }
  }

  private static final List<Probe> PROBES =
      List.of(
          new Probe(
              "bridge",
              true,
              "pods cannot be attached",
              "load the module bridge (CONFIG_BRIDGE)",
              () -> add(BRIDGE, LinkKind.Bridge.DEFAULT)),
          new Probe(
              "veth",
              true,
              "pods cannot be attached",
              "load the module veth (CONFIG_VETH)",
              KernelProbe::veth),
          new Probe(
              "vxlan",
              true,
              "pods of other nodes are reached in mode host-gw only",
              "load the module vxlan (CONFIG_VXLAN), or set overlay: host-gw",
              () -> add("probe1", new LinkKind.Vxlan(4097, 8472, null, 0, false))),
          new Probe(
              "token bucket",
              false,
              "pods are not held to their bandwidth annotations",
              "load the module sch_tbf (CONFIG_NET_SCH_TBF)",
              KernelProbe::tokenBucket),
          new Probe(
              "table of Services",
              true,
              "Services do not work in mode nftables",
              "load the module nf_tables with nft_nat, nft_masq, nft_numgen, nft_fib_inet,"
                  + " nft_reject_inet and nft_ct (CONFIG_NF_TABLES and what belongs to it)",
              TableProbe::services),
          new Probe(
              "table of policies",
              true,
              "NetworkPolicies cannot be enforced",
              "load the modules nft_log, nft_limit, nft_socket and nft_ct, or set"
                  + " network-policies: false",
              TableProbe::policies),
          new Probe(
              "table of host ports",
              true,
              "host ports do not work",
              "load the module nft_nat (CONFIG_NFT_NAT)",
              TableProbe::hostPorts),
          new Probe(
              "table of the bridge family",
              false,
              "nobody checks whether pods send as somebody else",
              "load nf_tables for bridges (CONFIG_NF_TABLES_BRIDGE)",
              TableProbe::guard),
          new Probe(
              "connection tracking",
              true,
              "UDP clients stay with endpoints that are gone, and connections that policies deny"
                  + " are not cut",
              "load the module nf_conntrack_netlink (CONFIG_NF_CT_NETLINK)",
              KernelProbe::conntrack),
          new Probe(
              "packet log",
              false,
              "denied packets are not told",
              "load the module nfnetlink_log (CONFIG_NETFILTER_NETLINK_LOG)",
              KernelProbe::packetLog),
          new Probe(
              IPVS,
              false,
              "the mode ipvs does not work",
              "load the module ip_vs (CONFIG_IP_VS)",
              KernelProbe::ipvs));

  /** What this kernel can do; all untried if this process may not make a network namespace. */
  public static List<KernelFeature> run() {
    return run(_ -> true);
  }

  /** The same of the features whose names are wanted; nothing is loaded for the sake of others. */
  public static List<KernelFeature> run(Predicate<String> wanted) {
    List<Probe> probes = PROBES.stream().filter(probe -> wanted.test(probe.name())).toList();
    try (NamespaceThread thread = NamespaceThread.create("kernel-probe")) {
      List<KernelFeature> features = new ArrayList<>();
      for (Probe probe : probes) {
        features.add(thread.call(probe::run));
      }
      return features;
    } catch (SystemCallException e) {
      return untried(probes, "no network namespace could be made to try it in: " + e.getMessage());
    } catch (Exception e) {
      throw new IllegalStateException("probing the kernel failed", e);
    }
  }

  private static List<KernelFeature> untried(List<Probe> probes, String reason) {
    return probes.stream().map(probe -> probe.feature(State.UNTRIED, reason)).toList();
  }

  private static void add(String name, LinkKind kind) throws IOException {
    try (RouteKernel kernel = RouteSocket.open()) {
      kernel.applyAll(new RouteOperation.AddLink(name, kind, LinkSettings.NONE));
    }
  }

  private static void veth() throws IOException {
    try (RouteKernel kernel = RouteSocket.open()) {
      kernel.applyAll(
          new RouteOperation.AddVethPair("probe2", LinkSettings.NONE, "probe3", LinkSettings.NONE));
    }
  }

  private static void tokenBucket() throws IOException {
    try (RouteKernel kernel = RouteSocket.open()) {
      Link link = kernel.link("lo");
      if (link != null) {
        kernel.applyAll(
            new RouteOperation.SetTokenBucket(
                link.index(), new TokenBucket(1_000_000, 65536, 65536)));
      }
    }
  }

  private static void conntrack() throws IOException {
    try (ConntrackSocket kernel = ConntrackSocket.open()) {
      kernel.count();
    }
  }

  private static void packetLog() throws IOException {
    PacketLog.open(
            1,
            new PacketLog.Listener() {
              @Override
              public void packet(LoggedPacket packet) {}

              @Override
              public void lost(long packets) {}

              @Override
              public void problem(IOException cause) {}
            })
        .close();
  }

  /** Asking for the family loads the module, if there is one. */
  private static void ipvs() throws IOException {
    try (NetlinkSocket socket = NetlinkSocket.open(NetlinkConstants.NETLINK_GENERIC)) {
      GenericFamily.resolve(socket, "IPVS", "ip_vs");
    }
  }
}
