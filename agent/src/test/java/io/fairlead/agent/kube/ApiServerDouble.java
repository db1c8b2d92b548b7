package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.fabric8.mockwebserver.dsl.MockServerExpectation;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * An API server on the loopback that keeps the objects it is given, over HTTP. Single answers can
 * be scripted; what is not is answered from the objects.
 */
final class ApiServerDouble {

  /** Kept, since the logging manager does not keep loggers that nobody refers to. */
  private static final Logger NOISE = Logger.getLogger("io.fabric8.mockwebserver.MockWebServer");

  private static final String SELECTOR =
      "labelSelector=%21service.kubernetes.io%2Fservice-proxy-name"
          + "%2C%21service.kubernetes.io%2Fheadless";

  private final Map<ServerRequest, Queue<ServerResponse>> script = new HashMap<>();
  private final MockWebServer web = new MockWebServer();
  private final KubernetesMockServer server =
      new KubernetesMockServer(
          new Context(), web, script, new KubernetesMixedDispatcher(script), false);

  static String listServices(String more) {
    return "/api/v1/services?" + more + SELECTOR + "&limit=500";
  }

  static String watchServices(String resourceVersion) {
    return "/api/v1/services?allowWatchBookmarks=true&"
        + SELECTOR
        + "&resourceVersion="
        + resourceVersion
        + "&timeoutSeconds=600&watch=true";
  }

  static Service service(String name, String address) {
    return new ServiceBuilder()
        .withNewMetadata()
        .withNamespace("default")
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withClusterIP(address)
        .addNewPort()
        .withPort(80)
        .endPort()
        .endSpec()
        .build();
  }

  /** Listens; 0 lets the kernel choose the port. */
  void start(int port) {
    NOISE.setLevel(Level.WARNING);
    server.init(InetAddress.getLoopbackAddress(), port);
  }

  void stop() {
    server.destroy();
  }

  int port() {
    return server.getPort();
  }

  int requests() {
    return server.getRequestCount();
  }

  /** How many GET requests for {@code path} came so far; forgets those it counts. */
  int gets(String path) throws InterruptedException {
    int count = 0;
    for (RecordedRequest request = next(); request != null; request = next()) {
      if (request.getMethod().equals("GET") && request.getPath().equals(path)) {
        count++;
      }
    }
    return count;
  }

  private @Nullable RecordedRequest next() throws InterruptedException {
    return server.takeRequest(0, TimeUnit.MILLISECONDS);
  }

  MockServerExpectation expect() {
    return server.expect();
  }

  KubernetesMockServer raw() {
    return server;
  }

  Config config() {
    return config(server.getPort());
  }

  /** As the agent's own, but for watches: this server has them over WebSockets only. */
  static Config config(int port) {
    Config config =
        ApiAccess.limited(
            new ConfigBuilder(Config.empty()).withMasterUrl("http://127.0.0.1:" + port).build());
    config.setOnlyHttpWatches(false);
    return config;
  }

  KubernetesClient client() {
    return client(config());
  }

  static KubernetesClient client(Config config) {
    return ApiAccess.client(config, new WatchAnswers((_, _) -> {}));
  }
}
