package io.fairlead.deploy.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.lab.Await;
import io.fairlead.bench.lab.EchoClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("the image on three nodes, as the chart runs it")
@ExtendWith(EngineExtension.class)
class ClusterWholeTest {

  private static final int PORT = 8080;
  private static final Duration LIMIT = Duration.ofSeconds(2);
  private static final InetSocketAddress SERVICE = new InetSocketAddress("10.96.0.80", 80);

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"proxy-mode: nftables", "proxy-mode: iptables"})
  @DisplayName(
      "pods over the overlay, a Service with endpoints on two nodes, a node port, a policy")
  void serves(String keys, Engine engine) throws Exception {
    try (Cluster cluster = Cluster.create(engine, 3, keys)) {
      cluster.startAgents();
      ContainerPod client = cluster.addPod(1, "client", "client").serve(PORT);
      ContainerPod stranger = cluster.addPod(2, "stranger", "stranger");
      ContainerPod near = cluster.addPod(1, "web-1", "web").serve(PORT);
      ContainerPod far = cluster.addPod(3, "web-2", "web").serve(PORT);
      cluster.api().apply(Manifests.service("web", "10.96.0.80", 30080, near, far));

      for (ContainerPod from : new ContainerPod[] {client, stranger}) {
        for (ContainerPod to : new ContainerPod[] {near, far}) {
          assertThat(tcp(from, to.at(PORT))).isEqualTo(to.name());
        }
      }
      awaitService(client);
      assertThat(EchoClient.shares(client.namespace(), SERVICE, 60, LIMIT))
          .containsOnlyKeys("web-1", "web-2");
      InetSocketAddress nodePort = new InetSocketAddress(cluster.machine(2).address(), 30080);
      assertThat(EchoClient.tcp(engine.namespace(), nodePort, LIMIT).server()).startsWith("web-");
      assertThat(EchoClient.udp(client.namespace(), SERVICE, LIMIT).server()).startsWith("web-");

      cluster.api().apply(Manifests.onlyFrom("web", "client"));
      Await.until("the policy is in force", Await.PATIENCE, () -> !reaches(stranger, far.at(PORT)));
      assertThat(reaches(stranger, near.at(PORT))).isFalse();
      assertThat(reaches(stranger, SERVICE)).isFalse();
      assertThat(tcp(client, far.at(PORT))).isEqualTo("web-2");
      assertThat(tcp(client, near.at(PORT))).isEqualTo("web-1");

      cluster.removePod(far);
      for (int number = 1; number <= 3; number++) {
        assertThat(cluster.agent(number).run("verify").getStdout())
            .startsWith("The kernel holds what the agent wants.");
      }
    }
  }

  @Test
  @DisplayName("proxy-mode and overlay follow the ConfigMap, without a new pod")
  void followsConfiguration(Engine engine) throws Exception {
    try (Cluster cluster = Cluster.create(engine, 2, "proxy-mode: nftables\noverlay: vxlan\n")) {
      cluster.startAgents();
      ContainerPod client = cluster.addPod(1, "client", "client");
      ContainerPod web = cluster.addPod(2, "web", "web").serve(PORT);
      cluster.api().apply(Manifests.service("web", "10.96.0.80", 30080, web));
      awaitService(client);
      cluster.configure("proxy-mode: iptables\noverlay: host-gw\n");
      Await.until(
          "the agent of node-1 serves by iptables without an overlay",
          Await.PATIENCE,
          () -> {
            String status = cluster.agent(1).run("status", "-o", "json").getStdout();
            return status.contains("\"iptables\"") && status.contains("\"host-gw\"");
          });
      awaitService(client);
    }
  }

  private static void awaitService(ContainerPod client) throws IOException, InterruptedException {
    Await.until("the Service answers", Await.PATIENCE, () -> reaches(client, SERVICE));
  }

  private static boolean reaches(ContainerPod from, InetSocketAddress to)
      throws InterruptedException {
    try {
      tcp(from, to);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static String tcp(ContainerPod from, InetSocketAddress to)
      throws IOException, InterruptedException {
    return EchoClient.tcp(from.namespace(), to, LIMIT).server();
  }
}
