package io.fairlead.bench.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.bench.api.ApiResource;
import io.fairlead.bench.api.ApiServerDouble;
import io.fairlead.bench.api.ApiWrite;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The double with TLS and a token stands for a real server, reached by a kubeconfig. */
@Timeout(60)
class ApiClusterKernelTest {

  private static final String NODE =
      """
      {apiVersion: v1, kind: Node, metadata: {name: somebody}, spec: {podCIDR: 100.64.1.0/24},
       status: {addresses: [{type: InternalIP, address: 192.168.88.11}]}}
      """;

  private static final ProgressLines SILENT =
      new ProgressLines(
          new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));

  @TempDir private Path folder;
  private ApiServerDouble server;
  private Path kubeconfig;

  @BeforeEach
  void start() throws Exception {
    server =
        ApiServerDouble.startTls(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0))
            .requireToken("secret")
            .allocateClusterIps();
    kubeconfig = folder.resolve("kubeconfig");
    server.writeKubeconfig(kubeconfig);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private List<String> kept() {
    return server.history().stream()
        .filter(write ->
            server.find(write.resource(), namespace(write), write.key().name()).isPresent())
        .map(write -> write.resource() + " " + write.key().name())
        .distinct()
        .toList();
  }

  private static String namespace(ApiWrite write) {
    return write.resource().isNamespaced() ? write.key().namespace() : "";
  }

  @Test
  @DisplayName("everything is made in a namespace of its own, and exactly that is removed")
  void removesWhatItMade() throws Exception {
    server.create(NODE);
    server.create(
        "{apiVersion: v1, kind: Service, metadata: {name: theirs}, spec: {ports: [{port: 1}]}}");
    try (ApiCluster cluster = ApiCluster.of(kubeconfig, null)) {
      assertThat(cluster.node()).isEqualTo("somebody");
      cluster.publish(new ProxyCluster(20, 2), SILENT);
      assertThat(cluster.probes()).containsKeys(0, 19).hasSizeGreaterThan(5);
      assertThat(cluster.probes().values()).allMatch(address -> address.startsWith("10.96."));
      cluster.move(19, ProxyNode.SECOND);
      ApiWrite move = server.history().getLast();
      assertThat(move.resource()).isEqualTo(ApiResource.ENDPOINT_SLICES);
      assertThat(move.object().at("/endpoints/0/addresses/0").asText()).isEqualTo(ProxyNode.SECOND);
      assertThat(move.key().namespace()).startsWith("fairlead-bench-");
      cluster.publish(new ProxyCluster(3, 1), SILENT);
      assertThat(kept()).hasSize(2 + 1 + 2 * 3);
    }
    assertThat(kept()).containsExactly("NODES somebody", "SERVICES theirs");
  }

  @Test
  void withoutANodeThereIsASentence() {
    assertThatThrownBy(() -> ApiCluster.of(kubeconfig, null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("has no Node")
        .hasMessageContaining("--node-name");
  }

  @Test
  void aServerThatNobodyVouchesForIsRefusedUnlessToldOtherwise() throws Exception {
    server.create(NODE);
    String text = Files.readString(kubeconfig).replaceAll("certificate-authority-data: .*", "");
    Files.writeString(kubeconfig, text);
    assertThatThrownBy(() -> ApiCluster.of(kubeconfig, null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("no TLS with the API server");
    Files.writeString(
        kubeconfig, text.replace("    server:", "    insecure-skip-tls-verify: true\n    server:"));
    try (ApiCluster cluster = ApiCluster.of(kubeconfig, null)) {
      assertThat(cluster.node()).isEqualTo("somebody");
    }
  }

  @Test
  void aWrongTokenIsRefusedByTheServer() throws Exception {
    Files.writeString(kubeconfig, Files.readString(kubeconfig).replace("secret", "guess"));
    assertThatThrownBy(() -> ApiCluster.of(kubeconfig, null))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Unauthorized");
  }

  /** A program that is no proxy. */
  private record Wrong(String script) implements ProxyContender {

    @Override
    public String name() {
      return "stand-in";
    }

    @Override
    public ProxyMode mode() {
      return ProxyMode.NFTABLES;
    }

    @Override
    public Start prepare(Place place) {
      return new Start(List.of("sh", "-c", script), Map.of());
    }
  }

  @Test
  @DisplayName("a program that ends, and one that is never ready, are told of with what they said")
  void programsThatAreNoProxies() throws Exception {
    server.create(NODE);
    try (ApiCluster cluster = ApiCluster.of(kubeconfig, null)) {
      ProxyRun.Plan plan = new ProxyRun.Plan(new ProxyCluster(2, 1), 1, 0, Duration.ofMillis(500));
      cluster.publish(plan.cluster(), SILENT);
      assertThatThrownBy(() -> run("echo no such mode >&2; exit 3", cluster, plan))
          .hasMessageContaining("stand-in ended by itself with exit status 3")
          .hasMessageContaining("no such mode");
      assertThatThrownBy(() -> run("echo waiting; exec sleep 100", cluster, plan))
          .hasMessageContaining("stand-in did not serve service-")
          .hasMessageContaining("waiting");
    }
  }

  private void run(String script, ApiCluster cluster, ProxyRun.Plan plan) throws Exception {
    Path own = Files.createTempDirectory(folder, "run");
    new ProxyRun(new Wrong(script), cluster, plan, SILENT, new Samples()).run(own);
  }
}
