package io.fairlead.agent.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServiceListBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fairlead.agent.Eventually;
import io.fairlead.agent.source.SourceException;
import io.fairlead.dataplane.model.ObjectChange.ServiceChanged;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an API server, and the way to it, may do to the agent. */
class KubeSourceFaultsTest {

  private final RecordingSink sink = new RecordingSink();

  private static KubeSource source(int port) {
    return new KubeSource(ApiServerDouble.config(port), "n1", false, Duration.ofMinutes(5));
  }

  private static Service versioned(Service service, String version) {
    return new ServiceBuilder(service)
        .editMetadata()
        .withResourceVersion(version)
        .endMetadata()
        .build();
  }

  @Test
  @DisplayName("410 Gone: a relist, which finds the deletion that nobody saw (faults 6)")
  void gone() throws InterruptedException {
    ApiServerDouble server = new ApiServerDouble();
    server.start(0);
    try (KubernetesClient operator = server.client()) {
      operator.resource(ApiServerDouble.service("web", "10.96.0.1")).create();
      operator.resource(ApiServerDouble.service("old", "10.96.0.2")).create();
      WatchEvent gone =
          new WatchEvent(new StatusBuilder().withCode(410).withReason("Expired").build(), "ERROR");
      server
          .expect()
          .get()
          .withPath(ApiServerDouble.watchServices("2"))
          .andUpgradeToWebSocket()
          .open()
          .waitFor(500)
          .andEmit(gone)
          .done()
          .once();
      try (KubeSource source = source(server.port())) {
        source.start(sink);
        Eventually.holds("in sync", sink::synced);
        assertThat(sink.services()).containsOnlyKeys("web", "old");
        operator.services().inNamespace("default").withName("old").delete();
        Eventually.holds("old is gone", () -> !sink.services().containsKey("old"));
        operator.resource(ApiServerDouble.service("new", "10.96.0.3")).create();
        Eventually.holds("watching again", () -> sink.services().containsKey("new"));
        assertThat(server.gets(ApiServerDouble.listServices("")))
            .as("lists; without a second one this test shows nothing")
            .isEqualTo(2);
      }
      assertThat(sink.changes)
          .as("what did not change is not delivered again")
          .filteredOn(c -> c instanceof ServiceChanged s && s.key().name().equals("web"))
          .hasSize(1);
    } finally {
      server.stop();
    }
  }

  @Test
  @DisplayName("lists come in pages, and Synced after the last of them (faults 9)")
  void pages() {
    ApiServerDouble server = new ApiServerDouble();
    server.start(0);
    server
        .expect()
        .get()
        .withPath(ApiServerDouble.listServices(""))
        .andReturn(
            200,
            new ServiceListBuilder()
                .addToItems(versioned(ApiServerDouble.service("a", "10.96.0.1"), "1"))
                .withNewMetadata()
                .withContinue("next")
                .withResourceVersion("7")
                .endMetadata()
                .build())
        .once();
    server
        .expect()
        .get()
        .withPath(ApiServerDouble.listServices("continue=next&"))
        .andReturn(
            200,
            new ServiceListBuilder()
                .addToItems(versioned(ApiServerDouble.service("b", "10.96.0.2"), "2"))
                .withNewMetadata()
                .withResourceVersion("7")
                .endMetadata()
                .build())
        .once();
    try (KubeSource source = source(server.port())) {
      source.start(sink);
      Eventually.holds("in sync", sink::synced);
      assertThat(sink.services()).containsOnlyKeys("a", "b");
    } finally {
      server.stop();
    }
  }

  @Test
  @DisplayName("an API server that is away at the start, and again later (faults 4, 5)")
  void away() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    try (KubeSource source = source(port)) {
      source.start(sink);
      Eventually.holds("it is said", () -> source.status().problem() != null);
      assertThat(source.status().synced()).isFalse();
      assertThat(sink.changes).isEmpty();

      ApiServerDouble first = new ApiServerDouble();
      first.start(port);
      try (KubernetesClient operator = first.client()) {
        operator.resource(ApiServerDouble.service("web", "10.96.0.1")).create();
        Eventually.holds("in sync", () -> sink.services().containsKey("web") && sink.synced());
      } finally {
        first.stop();
      }
      Eventually.holds("it is said again", () -> source.status().problem() != null);
      assertThat(sink.services()).as("what is known stays").containsOnlyKeys("web");
    }
  }

  @Test
  @DisplayName("a pod's token is read again for every request (faults 42)")
  void rotatedToken(@TempDir Path account) throws Exception {
    ApiServerDouble server = new ApiServerDouble();
    server.start(0);
    Files.writeString(account.resolve("token"), "first\n");
    Config config =
        ApiAccess.inCluster(
            account,
            Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "6443")::get);
    assertThat(config.getMasterUrl()).startsWith("https://[fd00::1]:6443");
    assertThat(config.getCaCertFile()).isEqualTo(account.resolve("ca.crt").toString());
    Config overHttp =
        new ConfigBuilder(config)
            .withMasterUrl("http://127.0.0.1:" + server.port())
            .withCaCertFile(null)
            .build();
    try (KubernetesClient client = ApiServerDouble.client(overHttp)) {
      client.nodes().list();
      assertThat(server.raw().getLastRequest().getHeader("Authorization"))
          .isEqualTo("Bearer first");
      Files.writeString(account.resolve("token"), "second\n");
      client.nodes().list();
      assertThat(server.raw().getLastRequest().getHeader("Authorization"))
          .isEqualTo("Bearer second");
    } finally {
      server.stop();
    }
  }

  @Test
  @DisplayName("no way to an API server is said with the mend")
  void noAccess(@TempDir Path folder) throws IOException {
    assertThatThrownBy(() -> ApiAccess.inCluster(folder, _ -> null))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("Give --kubeconfig FILE or --manifests DIR");
    assertThatThrownBy(() -> ApiAccess.fromKubeconfig(folder.resolve("missing")))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("There is no kubeconfig " + folder.resolve("missing"));
    Path bad = Files.writeString(folder.resolve("bad"), "a: [b");
    assertThatThrownBy(() -> ApiAccess.fromKubeconfig(bad))
        .isInstanceOf(SourceException.class)
        .hasMessageContaining("The kubeconfig " + bad + " is not YAML: expected");
  }
}
