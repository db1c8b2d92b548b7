package io.fairlead.bench.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The client that the agent uses, against the double. */
@Timeout(60)
class ApiServerFabric8Test {

  @TempDir private Path folder;

  private KubernetesClient connect(ApiServerDouble server) throws Exception {
    Path kubeconfig = folder.resolve("kubeconfig");
    server.writeKubeconfig(kubeconfig);
    Config config = Config.fromKubeconfig(kubeconfig.toFile());
    config.setRequestRetryBackoffLimit(0);
    return new KubernetesClientBuilder().withConfig(config).build();
  }

  private static final class Recorder implements ResourceEventHandler<Service> {
    private final BlockingQueue<String> seen = new LinkedBlockingQueue<>();

    @Override
    public void onAdd(Service service) {
      seen.add("add " + service.getMetadata().getName());
    }

    @Override
    public void onUpdate(Service before, Service after) {
      String version = after.getMetadata().getResourceVersion();
      if (!version.equals(before.getMetadata().getResourceVersion())) {
        seen.add("update " + after.getMetadata().getName());
      }
    }

    @Override
    public void onDelete(Service service, boolean unknown) {
      seen.add("delete " + service.getMetadata().getName());
    }

    String next() throws InterruptedException {
      String event = seen.poll(20, TimeUnit.SECONDS);
      return event == null ? "nothing" : event;
    }
  }

  @Test
  @DisplayName("an informer survives pages, drops, 410 and a crash (faults 6)")
  void anInformerSeesEverything() throws Exception {
    Recorder recorder = new Recorder();
    try (ApiServerDouble server = ApiServerDouble.start();
        KubernetesClient client = connect(server)) {
      for (int i = 0; i < 5; i++) {
        server.create(ApiObjects.service("s" + i));
      }
      server.create(
          ApiObjects.service("default", "headless", "service.kubernetes.io/headless: ''"));
      try (SharedIndexInformer<Service> informer =
          client
              .services()
              .inAnyNamespace()
              .withLabelSelector("!service.kubernetes.io/headless")
              .withLimit(2L)
              .inform(recorder)) {
        for (int i = 0; i < 5; i++) {
          assertThat(recorder.next()).isEqualTo("add s" + i);
        }
        server.update(ApiObjects.service("default", "s1", "changed: yes"));
        assertThat(recorder.next()).isEqualTo("update s1");

        server.faults().dropWatches();
        server.create(ApiObjects.service("after-drop"));
        assertThat(recorder.next()).isEqualTo("add after-drop");

        server.goDown();
        server.delete(ApiResource.SERVICES, "default", "s2");
        server.create(ApiObjects.service("while-down"));
        server.compact();
        server.comeBack();
        assertThat(new String[] {recorder.next(), recorder.next()})
            .as("the relist tells both")
            .containsExactlyInAnyOrder("delete s2", "add while-down");
        assertThat(informer.isRunning()).isTrue();
      }
      assertThat(server.requests())
          .filteredOn(request -> request.target().contains("continue="))
          .hasSizeGreaterThanOrEqualTo(2);
    }
  }

  @Test
  void aNodeIsPatched() throws Exception {
    try (ApiServerDouble server = ApiServerDouble.start();
        KubernetesClient client = connect(server)) {
      server.create(ApiObjects.node("n", "10.244.1.0/24"));
      Node node =
          client
              .nodes()
              .withName("n")
              .patch(
                  PatchContext.of(PatchType.JSON_MERGE),
                  "{\"metadata\":{\"annotations\":{\"a\":\"b\"}}}");
      assertThat(node.getMetadata().getAnnotations()).containsEntry("a", "b").containsKey("kept");
      assertThat(
              server
                  .find(ApiResource.NODES, "", "n")
                  .orElseThrow()
                  .at("/metadata/annotations/a")
                  .asText())
          .isEqualTo("b");
    }
  }

  @Test
  @DisplayName("TLS is trusted by its certificate alone, tokens can be rotated (faults 42)")
  void tlsAndTokens() throws Exception {
    try (ApiServerDouble server =
        ApiServerDouble.startTls(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .requireToken("first")) {
      server.create(ApiObjects.service("a"));
      try (KubernetesClient client = connect(server)) {
        assertThat(server.uri().toString()).startsWith("https://127.0.0.1:");
        assertThat(client.services().inAnyNamespace().list().getItems()).hasSize(1);
        server.requireToken("second");
        assertThat(codeOf(client)).isEqualTo(401);
      }
      try (KubernetesClient client = connect(server)) {
        assertThat(client.services().inAnyNamespace().list().getItems()).hasSize(1);
      }
    }
  }

  private static int codeOf(KubernetesClient client) {
    try {
      client.services().inAnyNamespace().list();
      return 200;
    } catch (io.fabric8.kubernetes.client.KubernetesClientException e) {
      return e.getCode();
    }
  }
}
