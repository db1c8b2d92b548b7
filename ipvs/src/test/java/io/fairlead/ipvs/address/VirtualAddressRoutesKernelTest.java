package io.fairlead.ipvs.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node, and a neighbour that sends packets to Services' addresses. services 54 */
class VirtualAddressRoutesKernelTest {

  private static final int PORT = 8080;

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private final Semaphore changes = new Semaphore(0);
  private TestNamespace node;
  private TestNamespace neighbour;
  private RouteSocket kernel;
  private NodeAddresses addresses;
  private VirtualAddressRoutes routes;
  private AddressWatch watch;

  @BeforeEach
  void open() throws Exception {
    node = TestNamespace.create("node");
    neighbour = TestNamespace.create("neighbour");
    String other = neighbour.namespace().path().toString();
    node.run("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth1", "netns", other);
    node.run("ip", "link", "set", "eth0", "up");
    neighbour.run("ip", "link", "set", "eth1", "up");
    node.run("sysctl", "-qw", "net.ipv4.conf.all.arp_ignore=1");
    bind(node, "eth0", "192.0.2.1/24");
    bind(node, "eth0", "fd00::1/64");
    bind(neighbour, "eth1", "192.0.2.9/24");
    bind(neighbour, "eth1", "fd00::9/64");
    kernel = node.call(RouteSocket::open);
    addresses = new NodeAddresses(kernel);
    routes = new VirtualAddressRoutes(kernel);
    watch = node.call(() -> AddressWatch.start(addresses, routes, changes::release));
  }

  @AfterEach
  void close() {
    watch.close();
    kernel.close();
    neighbour.close();
    node.close();
    descriptors.assertNoneAdded();
  }

  private static void bind(TestNamespace where, String link, String address) {
    if (address.indexOf(':') < 0) {
      where.run("ip", "address", "add", address, "dev", link);
    } else {
      where.run("ip", "address", "add", address, "dev", link, "nodad");
    }
  }

  private static IpAddress ip(String text) {
    return IpAddress.parse(text);
  }

  private List<String> commit() throws Exception {
    routes.nodeAddresses(addresses.current(), List.of(ip("192.0.2.1"), ip("fd00::1")));
    return routes.commit();
  }

  /** Commits on each event until the kernel's routes are these, as ip prints them. */
  private void awaitRoutes(String... expected) throws Exception {
    Set<String> wanted = Set.of(expected);
    while (!routes().equals(wanted)) {
      assertThat(changes.tryAcquire(5, TimeUnit.SECONDS))
          .as("an event, at last " + routes())
          .isTrue();
      changes.drainPermits();
      commit();
    }
  }

  private Set<String> routes() {
    String v4 = node.run("ip", "route", "show", "table", "local", "proto", "102");
    String v6 = node.run("ip", "-6", "route", "show", "table", "local", "proto", "102");
    return Set.copyOf((v4 + v6).lines().map(String::strip).toList());
  }

  /** Where the server on the node saw the client come from. */
  private String connect(TestNamespace client, String address) throws Exception {
    try (ServerSocket server =
        node.call(() -> new ServerSocket(PORT, 5, InetAddress.getByName("::")))) {
      try (Socket socket =
          client.call(() -> {
            Socket open = new Socket();
            open.connect(new InetSocketAddress(address, PORT), 3000);
            return open;
          })) {
        server.setSoTimeout(3000);
        try (Socket accepted = server.accept()) {
          assertThat(socket.isConnected()).isTrue();
          return IpAddress.of(accepted.getInetAddress().getAddress()).toString();
        }
      }
    }
  }

  @Test
  void addressesAreReachableAndTheNodeKeepsItsOwnAsSource() throws Exception {
    routes.settings(List.of(Cidr.parse("10.96.0.0/16"), Cidr.parse("fd00:96::/112")));
    routes.want(ip("203.0.113.7"));
    routes.want(ip("2001:db8::7"));
    assertThat(commit()).hasSize(4);
    assertThat(routes())
        .containsExactlyInAnyOrder(
            "local 10.96.0.0/16 dev lo scope host src 192.0.2.1",
            "local 203.0.113.7 dev lo scope host src 192.0.2.1",
            "local fd00:96::/112 dev lo src fd00::1 metric 1024 pref medium",
            "local 2001:db8::7 dev lo src fd00::1 metric 1024 pref medium");
    assertThat(routes.synchronize()).isEmpty();

    neighbour.run("ip", "route", "add", "10.96.0.0/16", "via", "192.0.2.1");
    neighbour.run("ip", "route", "add", "203.0.113.7", "via", "192.0.2.1");
    neighbour.run("ip", "-6", "route", "add", "fd00:96::/112", "via", "fd00::1");
    neighbour.run("ip", "-6", "route", "add", "2001:db8::7", "via", "fd00::1");
    for (String address : List.of("10.96.3.4", "203.0.113.7")) {
      assertThat(connect(neighbour, address)).isEqualTo("192.0.2.9");
      assertThat(connect(node, address)).isEqualTo("192.0.2.1");
    }
    for (String address : List.of("fd00:96::1234", "2001:db8::7")) {
      assertThat(connect(neighbour, address)).isEqualTo("fd00::9");
      assertThat(connect(node, address)).isEqualTo("fd00::1");
    }
  }

  /** With arp_ignore 1, as strict ARP has it, others on the link are told nothing of a Service. */
  @Test
  void theNodeDoesNotClaimAddressesOnTheLink() throws Exception {
    routes.want(ip("192.0.2.77"));
    routes.want(ip("fd00::77"));
    commit();
    assertThat(neighbour.tryRun("ping", "-c", "1", "-W", "1", "192.0.2.1").exit()).isZero();
    assertThat(neighbour.tryRun("ping", "-c", "1", "-W", "1", "192.0.2.77").exit()).isNotZero();
    // Nor with IPv6, whatever arp_ignore is: it answers only for what a link has.
    assertThat(neighbour.tryRun("ping", "-c", "1", "-W", "1", "fd00::77").exit()).isNotZero();
    node.run("sysctl", "-qw", "net.ipv4.conf.all.arp_ignore=0");
    neighbour.run("ip", "neigh", "flush", "dev", "eth1");
    assertThat(neighbour.tryRun("ping", "-c", "1", "-W", "1", "192.0.2.77").exit()).isZero();
  }

  @Test
  void anInterfaceTakesAnAddressAndGivesItBack() throws Exception {
    routes.want(ip("203.0.113.7"));
    routes.want(ip("2001:db8::7"));
    commit();
    String v4 = "local 203.0.113.7 dev lo scope host src 192.0.2.1";
    String v6 = "local 2001:db8::7 dev lo src fd00::1 metric 1024 pref medium";
    awaitRoutes(v4, v6);
    bind(node, "eth0", "203.0.113.7/32");
    awaitRoutes(v6);
    node.run("ip", "address", "add", "2001:db8::7/128", "dev", "eth0");
    awaitRoutes();
    node.run("ip", "address", "del", "203.0.113.7/32", "dev", "eth0");
    awaitRoutes(v4);
    assertThat(connect(node, "203.0.113.7")).isEqualTo("192.0.2.1");
    node.run("ip", "address", "del", "2001:db8::7/128", "dev", "eth0");
    awaitRoutes(v4, v6);
    assertThat(connect(node, "2001:db8::7")).isEqualTo("fd00::1");
  }

  /** services 36 */
  @Test
  void anotherNodeAddressBecomesTheSource() throws Exception {
    routes.settings(List.of(Cidr.parse("10.96.0.0/16"), Cidr.parse("fd00:96::/112")));
    commit();
    node.run("ip", "address", "del", "192.0.2.1/24", "dev", "eth0");
    node.run("ip", "address", "del", "fd00::1/64", "dev", "eth0");
    awaitRoutes(
        "local 10.96.0.0/16 dev lo scope host",
        "local fd00:96::/112 dev lo metric 1024 pref medium");
    bind(node, "eth0", "192.0.2.2/24");
    // Tentative at first, when the kernel takes it for no route's source.
    node.run("ip", "address", "add", "fd00::2/64", "dev", "eth0");
    awaitRoutes(
        "local 10.96.0.0/16 dev lo scope host src 192.0.2.2",
        "local fd00:96::/112 dev lo src fd00::2 metric 1024 pref medium");
    assertThat(connect(node, "10.96.0.1")).isEqualTo("192.0.2.2");
    assertThat(connect(node, "fd00:96::1")).isEqualTo("fd00::2");
  }

  @Test
  void whatIsDeletedByOthersComesBack() throws Exception {
    routes.settings(List.of(Cidr.parse("10.96.0.0/16"), Cidr.parse("fd00:96::/112")));
    commit();
    String v4 = "local 10.96.0.0/16 dev lo scope host src 192.0.2.1";
    String v6 = "local fd00:96::/112 dev lo src fd00::1 metric 1024 pref medium";
    node.run("ip", "route", "del", "local", "10.96.0.0/16", "dev", "lo", "table", "local");
    node.run("ip", "-6", "route", "del", "local", "fd00:96::/112", "dev", "lo", "table", "local");
    awaitRoutes(v4, v6);
    node.run("ip", "link", "set", "lo", "down");
    node.run("ip", "link", "set", "lo", "up");
    awaitRoutes(v4, v6);
    assertThat(connect(node, "fd00:96::1")).isEqualTo("fd00::1");
  }

  @Test
  void ofARightStateNothingIsChangedAndCleanupRemovesIt() throws Exception {
    routes.settings(List.of(Cidr.parse("10.96.0.0/16"), Cidr.parse("fd00:96::/112")));
    routes.want(ip("203.0.113.7"));
    commit();
    VirtualAddressRoutes later = new VirtualAddressRoutes(kernel);
    later.settings(List.of(Cidr.parse("10.96.0.0/16"), Cidr.parse("fd00:96::/112")));
    later.want(ip("203.0.113.7"));
    later.nodeAddresses(addresses.current(), List.of(ip("192.0.2.1")));
    assertThat(later.commit()).isEmpty();
    node.run("ip", "route", "add", "local", "198.51.100.1", "dev", "lo", "table", "local");
    assertThat(VirtualAddressRoutes.cleanup(kernel)).hasSize(3);
    assertThat(routes()).isEmpty();
    assertThat(node.run("ip", "route", "show", "table", "local")).contains("198.51.100.1");
  }

  @Test
  void theRouteThatCatchesAnAddressIsTold() throws Exception {
    routes.settings(List.of(Cidr.parse("10.96.0.0/16"), Cidr.parse("fd00:96::/112")));
    List<String> addresses = List.of("10.96.0.10", "fd00:96::a", "203.0.113.7", "2001:db8::7");
    addresses.forEach(address -> routes.want(ip(address)));
    commit();
    String v4 = "local 10.96.0.0/16 dev lo src 192.0.2.1 proto 102 scope host";
    String v6 = "local fd00:96::/112 dev lo src fd00::1 proto 102";
    String single = "local 203.0.113.7/32 dev lo src 192.0.2.1 proto 102 scope host";
    assertThat(addresses.stream().map(this::evidence))
        .containsExactly(
            KernelObject.present("table local", v4),
            KernelObject.present("table local", v6),
            KernelObject.present("table local", single),
            KernelObject.present(
                "table local", "local 2001:db8::7/128 dev lo src fd00::1 proto 102"));
    // With a rule, Linux keeps two tables of IPv4 in place of one.
    node.run("ip", "rule", "add", "fwmark", "77", "table", "77");
    assertThat(evidence("10.96.0.10")).isEqualTo(KernelObject.present("table local", v4));
    watch.close();
    node.run("ip", "route", "flush", "table", "local", "proto", "102");
    node.run("ip", "-6", "route", "flush", "table", "local", "proto", "102");
    assertThat(addresses.stream().map(this::evidence))
        .contains(KernelObject.missing("table local", v4), KernelObject.missing("table local", v6));
    node.run("ip", "route", "add", "local", "203.0.113.0/24", "dev", "lo", "table", "local");
    assertThat(evidence("203.0.113.7").state()).isEqualTo(KernelObject.State.DIFFERENT);
    assertThat(routes.evidence(ip("203.0.113.9"))).isEmpty();
  }

  private KernelObject evidence(String address) {
    try {
      return routes.evidence(ip(address)).getFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
