package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code fairlead why} and {@code fairlead verify} over each backend of Services. */
class ExplainWholeTest {

  /** What only the backend itself has in the kernel. */
  private static final Map<String, String> OBJECTS =
      Map.of(
          "nftables", "map inet fairlead service-ipv4: 10.96.0.80 . tcp . 80",
          "iptables", "FAIRLEAD-",
          "ipvs", "10.96.0.80:80");

  @ParameterizedTest
  @ValueSource(strings = {"nftables", "iptables"})
  @DisplayName("why shows the backend's own objects, and verify finds nothing to mend")
  void explainsBackend(String mode) throws Exception {
    explains(mode);
  }

  static void explains(String mode) throws Exception {
    Whole.requireKernelOf(mode);
    LabOptions options = LabOptions.of(2).withProxyMode(mode);
    try (SampleCluster cluster = new SampleCluster(Lab.create(options, Whole.distribution()))) {
      cluster.lab().startAgents();
      cluster.attachPods();
      cluster.publishService();
      Node node = cluster.lab().node(1);
      Await.until(
          "pod-a reaches the Service",
          Await.PATIENCE,
          () -> node.commandLine("why", "pod-a", "web:80").exit() == 0);
      ProgramOutput why = node.commandLine("why", "pod-a", "web:80", "-o", "wide");
      assertThat(why.out())
          .contains(OBJECTS.get(mode), "2 of 2 endpoints are used", "10.244.2.3:8080/tcp")
          .contains("VXLAN wraps it, to 192.168.88.12 of node-2")
          .doesNotContain("MISSING", "DIFFERENT");
      assertThat(node.commandLine("why", "pod-a", "web:81").exit()).isEqualTo(1);
      ProgramOutput verify = node.commandLine("verify");
      assertThat(verify.out()).contains("The kernel holds what the agent wants.");
      assertThat(verify.exit()).isZero();
    }
  }
}
