package io.fairlead.bench.policy.matrix;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A node with nine pods on its bridge, as the CNI plugin attaches them, and another node beyond a
 * link with a pod of its own:
 *
 * <pre>
 *   x/a .16  x/b .17  x/c .18
 *   y/a .32  y/b .33  y/c .34  = pods0 (10.244.1.1) node-1 under0 (192.0.2.1) - (192.0.2.2) node-2
 *   z/a .48  z/b .49  z/c .50                                            remote pod 10.244.2.16
 * </pre>
 *
 * So a namespace is a /28, and a /124 in fd00:244:1::/64. Pods listen at {@link #PORTS}.
 */
final class PodNetwork implements AutoCloseable {

  static final List<Cidr> POD_NETWORKS = cidrs("10.244.1.0/24", "fd00:244:1::/64");
  static final List<Cidr> CLUSTER_NETWORKS = cidrs("10.244.0.0/16", "fd00:244::/32");
  static final List<Cidr> SERVICE_NETWORKS = cidrs("10.96.0.0/16", "fd00:96::/64");
  static final List<IpAddress> NODE_ADDRESSES = addresses("192.0.2.1", "2001:db8:1::1");
  static final List<IpAddress> OTHER_NODE_ADDRESSES = addresses("192.0.2.2", "2001:db8:1::2");
  static final List<IpAddress> REMOTE_POD_ADDRESSES = addresses("10.244.2.16", "fd00:244:2::10");

  /** Where pods answer, by TCP and UDP. */
  static final List<Integer> PORTS = List.of(80, 81);

  static final List<String> NAMESPACES = List.of("x", "y", "z");
  static final List<String> NAMES = List.of("a", "b", "c");

  private static final int QUEUE = 4096;

  private static final String SETUP =
      """
      sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
      sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
      """;

  /** Entries of connections that nobody ends would fill the machine's table. */
  private static final String NODE_SETUP =
      SETUP
          + """
          sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
          sysctl -qw net.bridge.bridge-nf-call-iptables=1 net.bridge.bridge-nf-call-ip6tables=1
          sysctl -qw net.netfilter.nf_conntrack_udp_timeout=3
          sysctl -qw net.netfilter.nf_conntrack_sctp_timeout_cookie_wait=3
          sysctl -qw net.netfilter.nf_conntrack_sctp_timeout_closed=3
          sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_syn_sent=3
          sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_syn_recv=3
          sysctl -qw net.netfilter.nf_conntrack_tcp_timeout_close=3
          ip link add pods0 type bridge
          ip link set pods0 address 02:00:0a:f4:01:01
          ip addr add 10.244.1.1/24 dev pods0
          ip addr add fd00:244:1::1/64 dev pods0 nodad
          ip link set pods0 up
          """;

  private final TestNamespace node;
  private final TestNamespace otherNode;
  private final Map<ObjectKey, TestNamespace> pods = new LinkedHashMap<>();
  private final Map<ObjectKey, ProbeHost> hosts = new LinkedHashMap<>();
  private final Map<String, ServerSocket> listeners = new HashMap<>();
  private final List<AutoCloseable> opened = new ArrayList<>();

  private PodNetwork() throws IOException {
    node = TestNamespace.create("node-1");
    otherNode = TestNamespace.create("node-2");
  }

  static PodNetwork create() throws Exception {
    PodNetwork network = new PodNetwork();
    try {
      network.connect();
      for (String namespace : NAMESPACES) {
        for (String name : NAMES) {
          network.addPod(new ObjectKey(namespace, name));
        }
      }
      return network;
    } catch (Exception | Error e) {
      network.close();
      throw e;
    }
  }

  static List<Cidr> cidrs(String... texts) {
    return List.of(texts).stream().map(Cidr::parse).toList();
  }

  static List<IpAddress> addresses(String... texts) {
    return List.of(texts).stream().map(IpAddress::parse).toList();
  }

  /** What the addresses of a pod and of its Service have in common. */
  static int number(ObjectKey pod) {
    return 16 * (NAMESPACES.indexOf(pod.namespace()) + 1) + NAMES.indexOf(pod.name());
  }

  /** The address of a pod in one of the families. */
  static IpAddress address(ObjectKey pod, AddressFamily family) {
    return numbered(POD_NETWORKS, family, number(pod));
  }

  static List<IpAddress> addresses(ObjectKey pod) {
    return List.of(address(pod, AddressFamily.IPV4), address(pod, AddressFamily.IPV6));
  }

  /** The address of the Service that leads to a pod. */
  static IpAddress serviceAddress(ObjectKey pod, AddressFamily family) {
    return numbered(SERVICE_NETWORKS, family, number(pod));
  }

  private static IpAddress numbered(List<Cidr> networks, AddressFamily family, int number) {
    return networks.stream()
        .filter(network -> network.family() == family)
        .findFirst()
        .orElseThrow()
        .network()
        .plus(number);
  }

  private static void script(TestNamespace namespace, String commands) {
    namespace.run("sh", "-ec", commands);
  }

  private void connect() {
    script(node, NODE_SETUP);
    script(otherNode, SETUP);
    script(
        node,
        """
        ip link add under0 type veth peer eth0 netns %s
        ip addr add 192.0.2.1/24 dev under0
        ip addr add 2001:db8:1::1/64 dev under0 nodad
        ip link set under0 up
        ip route add 10.244.2.0/24 via 192.0.2.2
        ip route add fd00:244:2::/64 via 2001:db8:1::2
        """
            .formatted(otherNode.namespace().path()));
    script(
        otherNode,
        """
        ip addr add 192.0.2.2/24 dev eth0
        ip addr add 2001:db8:1::2/64 dev eth0 nodad
        ip addr add 10.244.2.16/32 dev lo
        ip addr add fd00:244:2::10/128 dev lo nodad
        ip link set eth0 up
        ip route add default via 192.0.2.1
        ip route add default via 2001:db8:1::1
        """);
  }

  private void addPod(ObjectKey key) throws Exception {
    TestNamespace pod = TestNamespace.create(key.toString());
    pods.put(key, pod);
    String device = "veth-" + key.namespace() + key.name();
    script(
        node,
        """
        ip link add %1$s type veth peer eth0 netns %2$s
        ip link set %1$s up master pods0
        bridge link set dev %1$s hairpin on
        """
            .formatted(device, pod.namespace().path()));
    script(
        pod,
        SETUP
            + """
            ip addr add %1$s/24 dev eth0
            ip addr add %2$s/64 dev eth0 nodad
            ip link set eth0 up
            ip route add default via 10.244.1.1
            ip route add default via fd00:244:1::1
            """
                .formatted(address(key, AddressFamily.IPV4), address(key, AddressFamily.IPV6)));
    pod.call(() -> {
      for (int port : PORTS) {
        ServerSocket listener = new ServerSocket(port, QUEUE);
        opened.add(listener);
        listeners.put(key + ":" + port, listener);
        opened.add(new DatagramSocket(new InetSocketAddress("::", port)));
      }
      return null;
    });
    ProbeHost host = ProbeHost.open(key.toString(), pod, addresses(key));
    opened.add(host);
    hosts.put(key, host);
  }

  TestNamespace node() {
    return node;
  }

  TestNamespace otherNode() {
    return otherNode;
  }

  TestNamespace namespace(ObjectKey pod) {
    return Objects.requireNonNull(pods.get(pod));
  }

  ProbeHost host(ObjectKey pod) {
    return Objects.requireNonNull(hosts.get(pod));
  }

  /** The nine pods in order. */
  List<ObjectKey> pods() {
    return List.copyOf(pods.keySet());
  }

  /** Where a pod listens. Nobody accepts, and probes never finish a handshake. */
  ServerSocket listener(ObjectKey pod, int port) {
    return Objects.requireNonNull(listeners.get(pod + ":" + port));
  }

  List<ProbeHost> hosts() {
    return List.copyOf(hosts.values());
  }

  /** Closes something before the namespaces go. */
  <T extends AutoCloseable> T closeFirst(T resource) {
    opened.add(resource);
    return resource;
  }

  @Override
  public void close() throws IOException {
    for (AutoCloseable each : opened.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IOException(each + " does not close", e);
      }
    }
    pods.values().forEach(TestNamespace::close);
    otherNode.close();
    node.close();
  }
}
