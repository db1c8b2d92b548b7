package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Links that get another name, or make room for a foreign one with the same index. The agent is
 * paused meanwhile, so that whatever it remembers is out of date when it goes on.
 */
class LinksWholeTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String BRIDGE = "fairlead0";
  private static final String TUNNEL = "fairlead-vxlan";

  private @Nullable SampleCluster cluster;

  @BeforeEach
  void create() throws Exception {
    cluster = new SampleCluster(Lab.create(LabOptions.of(2), Whole.distribution()));
    cluster().lab().startAgents();
    cluster().attachPods();
    cluster().publishService();
    Await.until("the Service answers", LIMIT, () -> answers(cluster().service()));
  }

  @AfterEach
  void close() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private SampleCluster cluster() {
    if (cluster == null) {
      throw new AssertionError("the lab was not made");
    }
    return cluster;
  }

  private Node node() {
    return cluster().lab().node(1);
  }

  private boolean answers(InetSocketAddress address) {
    try {
      EchoClient.tcp(cluster().podA().namespace(), address, Duration.ofMillis(300));
      return true;
    } catch (IOException | InterruptedException e) {
      return false;
    }
  }

  private String run(String command) throws IOException, InterruptedException {
    return node().namespace().run("sh", "-ec", command);
  }

  /** Does {@code commands} while the agent sees nothing. */
  private void behindTheAgent(String commands) throws Exception {
    long agent = node().agent().handle().pid();
    new ProcessBuilder("kill", "-STOP", Long.toString(agent)).start().waitFor();
    try {
      run(commands);
    } finally {
      new ProcessBuilder("kill", "-CONT", Long.toString(agent)).start().waitFor();
    }
  }

  /** Everybody is reached: pods here and there, the Service, and a pod that is added now. */
  private void assertWhole(String after) throws Exception {
    for (InetSocketAddress address :
        List.of(cluster().podB().at(8080), cluster().podD().at(8080), cluster().service())) {
      Await.until(address + " answers after: " + after, LIMIT, () -> answers(address));
    }
    Pod added = node().addPod("added");
    added.serve(8080);
    Await.until("an added pod answers after: " + after, LIMIT, () -> answers(added.at(8080)));
    added.delete();
    assertThat(node().commandLine("verify").exit()).as("verify after: %s", after).isZero();
    assertThat(node().commandLine("status").exit()).as("status after: %s", after).isZero();
  }

  private String portOfPodA() throws Exception {
    for (String line : run("ip -o link show master " + BRIDGE).lines().toList()) {
      if (line.contains("veth")) {
        String name = line.split(": ", 3)[1].split("@", 2)[0];
        if (run("ip link show " + name).contains("/pod-a")) {
          return name;
        }
      }
    }
    throw new AssertionError("pod-a has no port");
  }

  @Test
  @DisplayName("links that are renamed are made again or named again (faults 39)")
  void renamed() throws Exception {
    String port = portOfPodA();
    for (String deed :
        List.of(
            "ip link set " + BRIDGE + " name mine0",
            "ip link set " + TUNNEL + " name mine1",
            "ip link set " + port + " name mine2",
            "ip link set eth0 name uplink0")) {
      behindTheAgent(deed);
      assertWhole(deed);
      assertThat(run("ip -br link")).doesNotContain("mine0", "mine1", "mine2");
    }
  }

  @Test
  @DisplayName("a foreign link that has the index of one of ours is left alone (faults 39)")
  void indexUsedAgain() throws Exception {
    for (String name : List.of(BRIDGE, TUNNEL, portOfPodA())) {
      String index = run("ip -o link show " + name).split(":", 2)[0];
      String deed = "delete " + name + ", whose index " + index + " a bridge gets";
      behindTheAgent(
          """
          ip link delete %1$s
          ip link add foreign index %2$s type bridge
          ip link set foreign up mtu 1400
          ip address add 203.0.113.1/24 dev foreign
          ip neigh add 203.0.113.9 lladdr 02:00:00:00:00:09 dev foreign nud permanent
          ip route add 198.51.100.0/24 via 203.0.113.9
          bridge fdb add 02:00:00:00:00:09 dev foreign self permanent
          """
              .formatted(name, index));
      String foreign = foreign();
      if (name.startsWith("veth")) {
        Await.until(
            "what pod-a held is free",
            LIMIT,
            () -> !node().commandLine("status").out().contains("pod-a"));
      } else {
        assertWhole(deed);
      }
      assertThat(foreign()).as(deed).isEqualTo(foreign);
      run("ip link delete foreign");
    }
  }

  /** What the foreign link has. */
  private String foreign() throws Exception {
    return run("ip -d link show foreign; ip address show dev foreign; ip neigh show dev foreign nud"
            + " permanent; ip route show dev foreign; bridge fdb show br foreign;"
            + " tc qdisc show dev foreign; ip link show master foreign")
        .replaceAll("(hello|tcn|topology_change|gc)_timer +\\S+", "")
        .replaceAll("state (UP|UNKNOWN|DOWN)", "")
        .replaceAll("<[^>]*>", "");
  }
}
