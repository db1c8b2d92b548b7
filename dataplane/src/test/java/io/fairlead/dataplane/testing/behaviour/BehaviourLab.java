package io.fairlead.dataplane.testing.behaviour;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A node with pods on a bridge, another node's pods, a machine outside, and an upstream router that
 * answers to all virtual addresses, so that a packet that a backend left alone is noticed:
 *
 * <pre>
 *   local client, server, both = pods0 (10.244.1.1) node (192.0.2.1) under0 - router - remote client, server
 *                         outside (198.51.100.2) - out0 (.1) node (172.31.0.1) up0 - upstream (.2)
 * </pre>
 *
 * The router sends whatever its pods send to the node, so that what they ask passes it both ways.
 * Each pod answers at TCP {@link #TCP_PORT} and UDP {@link #UDP_PORT}.
 */
final class BehaviourLab implements AutoCloseable {

  static final String BRIDGE = "pods0";
  static final int TCP_PORT = 8080;
  static final int UDP_PORT = 8081;

  /** The port that all virtual addresses are served on, and one that none is. */
  static final int SERVICE_PORT = 80;

  static final int UNUSED_PORT = 81;

  static final List<Cidr> LOCAL_PODS = cidrs("10.244.1.0/24", "fd00:244:1::/64");
  static final List<Cidr> CLUSTER_PODS = cidrs("10.244.0.0/16", "fd00:244::/32");
  static final List<Cidr> CLUSTER_IPS = cidrs("10.96.0.0/16", "fd00:96::/64");
  static final List<Cidr> EXTERNAL_IPS = cidrs("198.18.0.0/16", "2001:db8:18::/64");
  static final List<Cidr> BALANCER_IPS = cidrs("198.19.0.0/16", "2001:db8:19::/64");

  /** The node's networks on the underlay. */
  private static final List<Cidr> UNDERLAY = cidrs("192.0.2.0/24", "2001:db8:1::/64");

  private static final List<String> ALL_NODE_ADDRESSES =
      List.of(
          "192.0.2.1",
          "2001:db8:1::1",
          "198.51.100.1",
          "2001:db8:2::1",
          "172.31.0.1",
          "2001:db8:3::1",
          "10.244.1.1",
          "fd00:244:1::1");

  /** Refusals are counted, so none may be withheld. */
  private static final String SETUP =
      """
      sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
      sysctl -qw net.ipv4.icmp_ratemask=0 net.ipv6.icmp.ratelimit=0 net.ipv6.icmp.ratemask=0
      sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
      """;

  private static final String ROUTER =
      "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1\n";

  private final Map<Host, TestNamespace> hosts = new EnumMap<>(Host.class);
  private final TestNamespace router;
  final LabServers servers = new LabServers();

  private BehaviourLab() throws IOException {
    for (Host host : Host.values()) {
      hosts.put(host, TestNamespace.create(host.name()));
    }
    router = TestNamespace.create("ROUTER");
  }

  static BehaviourLab create() throws Exception {
    BehaviourLab lab = new BehaviourLab();
    try {
      lab.connect();
      lab.serve();
    } catch (Exception | Error e) {
      lab.close();
      throw e;
    }
    return lab;
  }

  private static List<Cidr> cidrs(String v4, String v6) {
    return List.of(Cidr.parse(v4), Cidr.parse(v6));
  }

  TestNamespace namespace(Host host) {
    return Objects.requireNonNull(hosts.get(host));
  }

  TestNamespace node() {
    return namespace(Host.NODE);
  }

  /** The node's address that clients send to when they use a node port. */
  static IpAddress nodeAddress(AddressFamily family) {
    return address(UNDERLAY, family, 1);
  }

  /** The {@code number}th address of the network of this family. */
  static IpAddress address(List<Cidr> networks, AddressFamily family, int number) {
    for (Cidr network : networks) {
      if (network.family() == family) {
        return network.network().plus(number);
      }
    }
    throw new IllegalArgumentException("no network of " + family);
  }

  /** All addresses of the node, of both families, in their canonical text. */
  static List<IpAddress> nodeAddresses() {
    return ALL_NODE_ADDRESSES.stream().map(IpAddress::parse).toList();
  }

  private void connect() {
    for (TestNamespace namespace : hosts.values()) {
      script(namespace, SETUP);
    }
    script(router, SETUP + ROUTER);
    TestNamespace node = node();
    script(
        node,
        ROUTER
            + """
            sysctl -qw net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1
            ip link add pods0 type bridge
            ip addr add 10.244.1.1/24 dev pods0
            ip addr add fd00:244:1::1/64 dev pods0 nodad
            ip link set pods0 up
            """);
    link(node, "under0", router, "192.0.2", "2001:db8:1:");
    link(node, "out0", namespace(Host.OUTSIDE), "198.51.100", "2001:db8:2:");
    link(node, "up0", namespace(Host.UPSTREAM), "172.31.0", "2001:db8:3:");
    script(
        node,
        """
        ip route add 10.244.2.0/24 via 192.0.2.2
        ip route add fd00:244:2::/64 via 2001:db8:1::2
        ip route add default via 172.31.0.2
        ip route add default via 2001:db8:3::2
        """);
    script(router, defaultRoutes("192.0.2.1", "2001:db8:1::1", "table 100"));
    script(namespace(Host.OUTSIDE), defaultRoutes("198.51.100.1", "2001:db8:2::1", ""));
    script(namespace(Host.UPSTREAM), defaultRoutes("172.31.0.1", "2001:db8:3::1", ""));
    List<Cidr> virtual = new ArrayList<>(CLUSTER_IPS);
    virtual.addAll(EXTERNAL_IPS);
    virtual.addAll(BALANCER_IPS);
    StringBuilder anyAddress = new StringBuilder();
    virtual.forEach(cidr -> anyAddress.append("ip route add local " + cidr + " dev lo\n"));
    script(namespace(Host.UPSTREAM), anyAddress.toString());
    for (Host host : Host.values()) {
      if (host.isLocalPod()) {
        addLocalPod(host);
      } else if (host.isRemotePod()) {
        addRemotePod(host);
      }
    }
  }

  /** A veth pair with the addresses .1 on the node and .2 at the peer's eth0. */
  private static void link(
      TestNamespace node, String device, TestNamespace peer, String v4, String v6) {
    script(
        node,
        "ip link add %1$s type veth peer eth0 netns %2$s\n"
                .formatted(device, peer.namespace().path())
            + addresses(device, v4 + ".1/24", v6 + ":1/64"));
    script(peer, addresses("eth0", v4 + ".2/24", v6 + ":2/64"));
  }

  private static String addresses(String device, String v4, String v6) {
    return """
    ip addr add %2$s dev %1$s
    ip addr add %3$s dev %1$s nodad
    ip link set %1$s up
    """
        .formatted(device, v4, v6);
  }

  private static String defaultRoutes(String v4, String v6, String table) {
    return """
    ip route add default via %1$s dev eth0 %3$s
    ip route add default via %2$s dev eth0 %3$s
    """
        .formatted(v4, v6, table);
  }

  private void addLocalPod(Host pod) {
    String device = pod.device();
    script(
        node(),
        """
        ip link add %1$s type veth peer eth0 netns %2$s
        ip link set %1$s up master pods0
        bridge link set dev %1$s hairpin on
        """
            .formatted(device, namespace(pod).namespace().path()));
    script(
        namespace(pod),
        addresses(
                "eth0",
                pod.address(AddressFamily.IPV4) + "/24",
                pod.address(AddressFamily.IPV6) + "/64")
            + defaultRoutes("10.244.1.1", "fd00:244:1::1", ""));
  }

  private void addRemotePod(Host pod) {
    String device = pod.device();
    String v4 = pod.address(AddressFamily.IPV4) + "/32";
    String v6 = pod.address(AddressFamily.IPV6) + "/128";
    script(
        router,
        """
        ip link add %1$s type veth peer eth0 netns %2$s
        ip addr add 10.244.2.1/32 dev %1$s
        ip addr add fd00:244:2::1/128 dev %1$s nodad
        ip link set %1$s up
        ip route add %3$s dev %1$s
        ip route add %4$s dev %1$s
        ip rule add iif %1$s lookup 100
        ip -6 rule add iif %1$s lookup 100
        """
            .formatted(device, namespace(pod).namespace().path(), v4, v6));
    script(
        namespace(pod),
        addresses("eth0", v4, v6)
            + """
            ip route add 10.244.2.1 dev eth0
            ip route add fd00:244:2::1 dev eth0
            """
            + defaultRoutes("10.244.2.1", "fd00:244:2::1", ""));
  }

  private static void script(TestNamespace namespace, String commands) {
    namespace.run("sh", "-ec", commands);
  }

  private void serve() throws Exception {
    for (Host host : Host.values()) {
      if (host.isLocalPod() || host.isRemotePod()) {
        servers.answer(host, namespace(host), TCP_PORT, UDP_PORT);
      }
    }
    servers.answer(Host.UPSTREAM, namespace(Host.UPSTREAM), SERVICE_PORT, SERVICE_PORT);
    servers.answer(Host.UPSTREAM, namespace(Host.UPSTREAM), UNUSED_PORT, UNUSED_PORT);
  }

  @Override
  public void close() throws IOException {
    servers.close();
    hosts.values().forEach(TestNamespace::close);
    router.close();
  }
}
