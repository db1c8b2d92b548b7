package io.fairlead.deploy.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.lab.ConnectionProber;
import io.fairlead.bench.lab.ConnectionProber.Attempt;
import io.fairlead.bench.lab.PacketProber;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("the image is updated node by node, as a DaemonSet's rolling update does it")
@ExtendWith(EngineExtension.class)
class RollingUpdateWholeTest {

  private static final int PORT = 8080;
  private static final InetSocketAddress SERVICE = ClusterWholeTest.SERVICE;

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"proxy-mode: nftables", "proxy-mode: iptables"})
  @DisplayName(
      "no packet and no connection is lost, what is denied stays denied, and pods start (faults 2, 3, 22, 29)")
  void losesNothing(String keys, Engine engine) throws Exception {
    try (Cluster cluster = Cluster.create(engine, 3, keys)) {
      cluster.startAgents();
      ContainerPod client = cluster.addPod(1, "client", "client");
      ContainerPod stranger = cluster.addPod(3, "stranger", "stranger");
      ContainerPod near = cluster.addPod(1, "web-1", "web").serve(PORT);
      ContainerPod far = cluster.addPod(2, "web-2", "web").serve(PORT);
      cluster.api().apply(Manifests.service("web", "10.96.0.80", 30080, near, far));
      cluster.api().apply(Manifests.onlyFrom("web", "client"));
      Traffic.awaitAnswer(client, SERVICE);
      Traffic.awaitSilence(stranger, far.at(PORT));

      try (ConnectionProber connections = ConnectionProber.start(client.namespace(), SERVICE);
          ConnectionProber denied = ConnectionProber.start(stranger.namespace(), far.at(PORT));
          PacketProber packets =
              PacketProber.start(
                  client.namespace(), far.namespace(), far.at(PORT), Duration.ofMillis(2))) {
        for (int number = 1; number <= 3; number++) {
          connections.awaitAttempts(100);
          cluster.update(number, Images.NEXT);
          assertThat(cluster.agent(number).image()).isEqualTo(Images.NEXT);
          cluster.addPod(number, "late-" + number, "late");
        }
        connections.awaitAttempts(100);
        List<Attempt> attempts = connections.finish();
        assertThat(attempts).hasSizeGreaterThan(400);
        assertThat(attempts).allSatisfy(attempt -> assertThat(attempt.failure()).isNull());
        assertThat(denied.finish())
            .isNotEmpty()
            .allSatisfy(attempt -> assertThat(attempt.server()).isNull());
        assertThat(packets.finish().isLossless()).isTrue();
      }
      assertThat(Traffic.tcp(client, cluster.addPod(2, "newest", "web").serve(PORT).at(PORT)))
          .isEqualTo("newest");
      for (int number = 1; number <= 3; number++) {
        assertThat(cluster.agent(number).run("verify").getStdout())
            .startsWith("The kernel holds what the agent wants.");
      }
    }
  }
}
