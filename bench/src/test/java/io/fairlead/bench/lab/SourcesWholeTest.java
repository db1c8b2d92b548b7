package io.fairlead.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same objects, from a folder and from an API server over HTTP, make the same kernel state. */
class SourcesWholeTest {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  @TempDir private Path folder;

  private static void putObjects(Manifests manifests) throws IOException {
    for (int i = 1; i <= 3; i++) {
      String name = "service-" + i;
      manifests.putService(
          name,
          List.of("10.96.0." + i),
          new Manifests.Port("web", "TCP", 80, 8080),
          new Manifests.Port("dns", "UDP", 53, 5353));
      manifests.put(
          "slice-" + i,
          """
          apiVersion: discovery.k8s.io/v1
          kind: EndpointSlice
          metadata:
            name: %s-1
            namespace: default
            labels: {kubernetes.io/service-name: %s}
          addressType: IPv4
          endpoints:
            - {addresses: ["10.244.1.%d"], nodeName: node-1}
            - {addresses: ["10.244.2.%d"], nodeName: node-2}
          ports:
            - {name: web, protocol: TCP, port: 8080}
            - {name: dns, protocol: UDP, port: 5353}
          """
              .formatted(name, name, 100 + i, 100 + i));
    }
  }

  /** The state of node-1 once it knows the last endpoint and the way to node-2. */
  private static List<String> settled(Lab lab) throws IOException, InterruptedException {
    Node node = lab.node(1);
    Await.until(
        "node-1 has programmed all objects",
        LIMIT,
        () -> {
          String state = String.join("\n", KernelState.lines(node));
          return state.contains("10.244.2.103")
              && state.contains("route 10.244.2.0/24")
              && state.contains("dst " + lab.node(2).address());
        });
    return KernelState.lines(node);
  }

  private static List<String> withManifests() throws Exception {
    try (Lab lab = Lab.create(LabOptions.of(2), Whole.distribution())) {
      putObjects(lab.manifests());
      lab.startAgents();
      return settled(lab);
    }
  }

  private List<String> withApiServer() throws Exception {
    LabOptions options =
        LabOptions.of(2).withKubeconfig(ApiDouble.kubeconfig(folder.resolve("kubeconfig")));
    try (ApiDouble api = new ApiDouble();
        Lab lab = Lab.create(options, Whole.distribution());
        TcpRelay _ = api.relay(lab.node(1));
        TcpRelay _ = api.relay(lab.node(2))) {
      putObjects(lab.manifests());
      api.create(lab.manifests().folder());
      lab.startAgents();
      return settled(lab);
    }
  }

  @Test
  @DisplayName("a folder of manifests and an API server lead to the same kernel state")
  void sameState() throws Exception {
    List<String> manifests = withManifests();
    List<String> api = withApiServer();
    Stream.concat(manifests.stream(), api.stream())
        .distinct()
        .forEach(line -> System.out.println(mark(manifests, api, line) + line));
    assertThat(api).containsExactlyElementsOf(manifests);
  }

  private static String mark(List<String> manifests, List<String> api, String line) {
    if (!api.contains(line)) {
      return "manifests only: ";
    }
    return manifests.contains(line) ? "both: " : "API server only: ";
  }
}
