package io.fairlead.agent.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.Eventually;
import io.fairlead.agent.server.EventLoops;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.service.HealthCheck;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** In a namespace of its own, where every port is free. */
class HealthCheckServersKernelTest {

  private static final ObjectKey WEB = new ObjectKey("default", "web");
  private static final ObjectKey API = new ObjectKey("default", "api");
  private static final int PORT = 32001;

  private final AtomicBoolean proxyHealthy = new AtomicBoolean(true);
  private final List<String> reports = new CopyOnWriteArrayList<>();
  private TestNamespace namespace;
  private EventLoops loops;
  private HealthCheckServers servers;

  @BeforeEach
  void open() throws Exception {
    namespace = TestNamespace.create("health-ports");
    loops = new EventLoops();
    servers =
        new HealthCheckServers(
            loops,
            "n1",
            proxyHealthy::get,
            (service, reason, sentence) -> reports.add(service + " " + reason + " " + sentence));
  }

  @AfterEach
  void close() {
    servers.close();
    loops.close();
    namespace.close();
  }

  /** Threads are made in the namespace of whoever has them made. */
  private void update(ObjectKey service, int port, int endpoints) throws Exception {
    namespace.call(() -> {
      servers.update(service, port == 0 ? null : new HealthCheck(service, port, endpoints));
      return true;
    });
  }

  private void await(int listening, int failed) {
    Eventually.holds(
        listening + " served and " + failed + " not",
        () -> servers.states().equals(new HealthCheckServers.States(listening, failed)));
  }

  private String get(String address, int port, String path) throws Exception {
    return namespace.call(() -> {
      try (Socket socket = new Socket(InetAddress.ofLiteral(address), port)) {
        socket.setSoTimeout(10_000);
        socket
            .getOutputStream()
            .write(
                ("GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      } catch (IOException e) {
        return "nobody";
      }
    });
  }

  private String get() throws Exception {
    return get("127.0.0.1", PORT, "/");
  }

  @Test
  @DisplayName("kube-proxy's answer, on any path and address of both families (services 38)")
  void answer() throws Exception {
    update(WEB, PORT, 2);
    await(1, 0);
    assertThat(get("::1", PORT, "/whatever"))
        .startsWith("HTTP/1.1 200 ")
        .containsIgnoringCase("\r\ncontent-type: application/json\r\n")
        .containsIgnoringCase("\r\nx-load-balancing-endpoint-weight: 2\r\n")
        .endsWith(
            "{\"service\":{\"namespace\":\"default\",\"name\":\"web\"},"
                + "\"localEndpoints\":2,\"serviceProxyHealthy\":true}");
    assertThat(get()).startsWith("HTTP/1.1 200 ");
  }

  @Test
  @DisplayName("503 without local endpoints, and while the proxy is not healthy (services 38)")
  void unavailable() throws Exception {
    update(WEB, PORT, 0);
    await(1, 0);
    assertThat(get())
        .startsWith("HTTP/1.1 503 ")
        .containsIgnoringCase("weight: 0\r\n")
        .contains("\"localEndpoints\":0,\"serviceProxyHealthy\":true");
    update(WEB, PORT, 1);
    assertThat(get()).startsWith("HTTP/1.1 200 ");
    proxyHealthy.set(false);
    assertThat(get())
        .startsWith("HTTP/1.1 503 ")
        .contains("\"localEndpoints\":1,\"serviceProxyHealthy\":false");
  }

  @Test
  @DisplayName("a port that changes or goes is closed (services 39)")
  void changedAndRemoved() throws Exception {
    update(WEB, PORT, 1);
    await(1, 0);
    update(WEB, PORT + 1, 1);
    Eventually.holds("the other port is served", () -> holds(PORT + 1, "HTTP/1.1 200 "));
    assertThat(get()).isEqualTo("nobody");
    update(WEB, 0, 1);
    await(0, 0);
    assertThat(get("127.0.0.1", PORT + 1, "/")).isEqualTo("nobody");
    servers.update(WEB, null);
    update(WEB, PORT, 1);
    await(1, 0);
    assertThat(get()).startsWith("HTTP/1.1 200 ");
    servers.update(WEB, null);
    await(0, 0);
    assertThat(get()).isEqualTo("nobody");
  }

  private boolean holds(int port, String beginning) {
    try {
      return get("127.0.0.1", port, "/").startsWith(beginning);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName("a port of another program is reported once, and had once it is free (services 39)")
  void alreadyBound() throws Exception {
    ServerSocket taken = namespace.call(() -> new ServerSocket(PORT));
    update(WEB, PORT, 1);
    update(API, PORT + 1, 1);
    await(1, 1);
    assertThat(servers.problems())
        .singleElement()
        .asString()
        .startsWith(
            "Health check node port 32001 of Service default/web cannot be listened on at node n1:"
                + " another program has it")
        .endsWith("Free it, or give the Service another healthCheckNodePort");
    assertThat(get("127.0.0.1", PORT + 1, "/")).startsWith("HTTP/1.1 200 ");
    taken.close();
    await(2, 0);
    assertThat(get()).startsWith("HTTP/1.1 200 ");
    assertThat(servers.problems()).isEmpty();
    assertThat(reports)
        .singleElement()
        .asString()
        .startsWith("default/web FailedToStartServiceHealthcheck Health check node port 32001");
  }

  @Test
  @DisplayName("a port of another Service is had when that one leaves it (services 39)")
  void twoServices() throws Exception {
    update(WEB, PORT, 1);
    await(1, 0);
    update(API, PORT, 3);
    await(1, 1);
    assertThat(servers.problems()).singleElement().asString().contains("Service default/web has");
    servers.update(WEB, null);
    await(1, 0);
    assertThat(get()).contains("\"name\":\"api\"", "\"localEndpoints\":3");
  }

  @Test
  @DisplayName("a port that is wanted no more while it is taken is forgotten (services 39)")
  void givenUp() throws Exception {
    try (ServerSocket taken = namespace.call(() -> new ServerSocket(PORT))) {
      update(WEB, taken.getLocalPort(), 1);
      await(0, 1);
      servers.update(WEB, null);
      await(0, 0);
    }
  }

  @Test
  @DisplayName("a number that is no port is a problem, not an exception (services 39)")
  void impossiblePort() throws Exception {
    update(WEB, 70000, 1);
    await(0, 1);
    assertThat(servers.problems()).singleElement().asString().contains("70000");
  }
}
