package io.fairlead.iptables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.testing.OpenDescriptors;
import io.fairlead.dataplane.testing.TestNamespace;
import io.fairlead.iptables.kernel.NftXtables;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The rendered chains in a kernel, where iptables-save shows them and packets pass them. */
class IptablesServicesKernelTest {

  private static final int SERVICES = 700;

  private final OpenDescriptors descriptors = OpenDescriptors.now();
  private TestNamespace node;
  private World world;
  private IptablesServices services;

  @BeforeEach
  void open() throws Exception {
    node = TestNamespace.create("node");
    node.run("ip", "link", "add", "uplink", "type", "veth", "peer", "name", "nobody");
    node.run("ip", "link", "set", "nobody", "up");
    node.run("ip", "addr", "add", "192.0.2.1/24", "dev", "uplink");
    node.run("ip", "link", "set", "uplink", "up");
    node.run("ip", "route", "add", "default", "via", "192.0.2.2");
    node.run("ip", "addr", "add", "10.244.1.2/32", "dev", "lo");
    node.run("ip", "addr", "add", "10.244.1.3/32", "dev", "lo");
    world = new World();
    services = backend();
  }

  private IptablesServices backend() throws Exception {
    NftXtables kernel = node.call(NftXtables::open);
    return new IptablesServices(kernel, world.claims, World.SETTINGS, () -> {});
  }

  @AfterEach
  void close() {
    services.close();
    node.close();
    descriptors.assertNoneAdded();
  }

  private void update(Sample sample) {
    var change = world.claims.update(sample.key, sample.fragment(World.NODE));
    services.update(change);
    world.backend.update(change);
  }

  /** Enough of them for a tree of addresses and one of node ports. */
  private static Sample web(int i) {
    Sample sample =
        Sample.named("web" + i)
            .clusterIp("10.96." + i / 250 + "." + i % 250, "fd00:96::" + Integer.toHexString(i))
            .nodePort(30_000 + i);
    return switch (i % 7) {
      case 0 -> sample;
      case 1 -> sample.here("10.244.1.2").affinity(600);
      case 2 -> sample.elsewhere("10.244.2.2", "fd00:244:2::2").external(TrafficPolicy.LOCAL);
      case 3 ->
          sample
              .here("10.244.1.2", "fd00:244:1::2")
              .balancerIp("198.51.100." + i % 250)
              .ranges("203.0.113.0/24");
      default -> sample.here("10.244.1.2");
    };
  }

  private String saved(String program, String table) {
    return String.join(
        "\n",
        Stream.of(node.run(program, "-t", table).split("\n"))
            .filter(line -> line.startsWith("-A"))
            .sorted()
            .toList());
  }

  private static String sorted(String save) {
    return String.join("\n", save.lines().sorted().toList());
  }

  private String ask(String address, int port) throws Exception {
    return node.call(() -> {
      try (Socket socket = new Socket()) {
        socket.setSoTimeout(1_000);
        socket.connect(new InetSocketAddress(address, port), 1_000);
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      }
    });
  }

  @Test
  @DisplayName(
      "iptables-save shows what is meant; a restart does nothing; foreign rules stay; removal"
          + " leaves nothing (services 41, 45, 57)")
  void restart() throws Exception {
    node.run("iptables", "-t", "nat", "-A", "PREROUTING", "-d", "9.9.9.9", "-j", "ACCEPT");
    String empty = saved("iptables-save", "nat");
    for (int i = 0; i < SERVICES; i++) {
      update(web(i));
    }
    assertThat(services.commit()).isNotEmpty();
    world.commit();
    String foreign = "-A PREROUTING -d 9.9.9.9/32 -j ACCEPT\n";
    assertThat(saved("iptables-save", "nat")).isEqualTo(sorted(foreign + world.nat()));
    assertThat(saved("iptables-save", "filter")).isEqualTo(sorted(world.filter()));
    assertThat(saved("ip6tables-save", "nat")).isEqualTo(sorted(world.nat6()));
    try (IptablesServices again = backend()) {
      assertThat(again.commit()).isEmpty();
    }
    assertThat(services.audit()).isEmpty();
    node.run("iptables", "-t", "nat", "-F", "FAIRLEAD-SERVICES");
    node.run("iptables", "-t", "nat", "-D", "OUTPUT", "1");
    assertThat(services.audit()).hasSize(2);
    assertThat(saved("iptables-save", "nat")).isEqualTo(sorted(foreign + world.nat()));
    services.remove();
    assertThat(saved("iptables-save", "nat")).isEqualTo(empty);
    assertThat(saved("iptables-save", "filter")).isEmpty();
    assertThat(saved("ip6tables-save", "nat")).isEmpty();
  }

  @Test
  @DisplayName("Packets find their Service through the trees, and follow its changes (services 23)")
  void packets() throws Exception {
    for (int i = 0; i < SERVICES; i++) {
      update(web(i));
    }
    services.commit();
    List<Thread> threads;
    try (ServerSocket one = node.call(() -> listen("10.244.1.2"));
        ServerSocket other = node.call(() -> listen("10.244.1.3"))) {
      threads = List.of(serve(one, "one"), serve(other, "other"));
      assertThat(ask("10.96.0.4", 80)).isEqualTo("one");
      assertThat(ask("10.96.2.199", 80)).isEqualTo("one");
      assertThat(ask("192.0.2.1", 30_606)).isEqualTo("one");
      assertThatThrownBy(() -> ask("10.96.0.7", 80)).isInstanceOf(ConnectException.class);
      assertThatThrownBy(() -> ask("10.96.0.4", 81)).isInstanceOf(ConnectException.class);
      assertThatThrownBy(() -> ask("192.0.2.1", 30_007)).isInstanceOf(ConnectException.class);
      assertThatThrownBy(() -> ask("198.51.100.3", 80)).isInstanceOf(SocketTimeoutException.class);
      update(
          Sample.named("web4")
              .clusterIp("10.96.0.4", "fd00:96::4")
              .nodePort(30_004)
              .here("10.244.1.3"));
      assertThat(services.commit()).hasSize(3);
      assertThat(ask("10.96.0.4", 80)).isEqualTo("other");
      assertThat(ask("192.0.2.1", 30_004)).isEqualTo("other");
    }
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static ServerSocket listen(String address) throws IOException {
    ServerSocket server = new ServerSocket();
    server.bind(new InetSocketAddress(address, 8080));
    return server;
  }

  private static Thread serve(ServerSocket server, String name) {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          while (!server.isClosed()) {
            try (Socket client = server.accept()) {
              client.getOutputStream().write(name.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
              assertThat(server.isClosed()).as("%s", e).isTrue();
            }
          }
        });
  }

  @Test
  @DisplayName("a chain that a foreign rule leads to stays, and keeps nothing else (faults 23)")
  void chainInUse() throws Exception {
    Sample first = web(3);
    update(first);
    services.commit();
    String chain =
        Stream.of(node.run("iptables-save", "-t", "nat").split("\n"))
            .filter(line -> line.startsWith(":FAIRLEAD-") && line.contains("SVC"))
            .findFirst()
            .orElseThrow()
            .split("[: ]", -1)[1];
    node.run("iptables", "-t", "nat", "-N", "THEIRS");
    node.run("iptables", "-t", "nat", "-A", "THEIRS", "-j", chain);
    services.update(world.claims.update(first.key, null));
    update(web(4));
    services.commit();
    update(web(5));
    services.commit();
    assertThat(saved("iptables-save", "nat")).contains("10.96.0.4", "10.96.0.5");
    assertThat(saved("iptables-save", "nat"))
        .doesNotContain("10.96.0.3/32")
        .contains("-A THEIRS -j " + chain);
    node.run("iptables", "-t", "nat", "-F", "THEIRS");
    services.distrust();
    services.commit();
    assertThat(node.run("iptables-save", "-t", "nat")).doesNotContain(chain + " ");
  }
}
