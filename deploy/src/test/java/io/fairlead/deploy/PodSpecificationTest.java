package io.fairlead.deploy;

import static io.fairlead.deploy.Chart.elements;
import static io.fairlead.deploy.Chart.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the API's schemas cannot tell: that the parts of the pods fit together and mean the right
 * thing.
 */
class PodSpecificationTest {

  private static Map<String, String> environment(String values) {
    return elements(Chart.agent(Chart.objects(values)).path("env")).stream()
        .filter(variable -> variable.has("value"))
        .collect(
            Collectors.toMap(
                variable -> variable.path("name").asText(),
                variable -> variable.path("value").asText()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{cleanup: {enabled: true}, config: {import-leases: /a/b}}"})
  @DisplayName("the program understands the command lines")
  void understandsCommandLines(String values) throws Exception {
    JsonNode pod = Chart.pod(Chart.objects(values));
    for (JsonNode container :
        Stream.concat(
                elements(pod.path("initContainers")).stream(),
                elements(pod.path("containers")).stream())
            .filter(container -> container.has("args"))
            .toList()) {
      assertThat(words(container.path("command"))).containsExactly("/usr/bin/fairlead");
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  "io.fairlead.agent.cli.Main"));
      command.addAll(words(container.path("args")));
      command.add("--help");
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
      assertThat(output).contains("Usage: fairlead " + container.at("/args/0").asText());
    }
  }

  @Test
  @DisplayName("the API server is found by the cluster's Service, or where the values say")
  void findsTheApiServer() {
    assertThat(environment("{}"))
        .doesNotContainKeys("KUBERNETES_SERVICE_HOST", "KUBERNETES_SERVICE_PORT");
    assertThat(environment("apiServer: {host: 192.0.2.1}"))
        .containsEntry("KUBERNETES_SERVICE_HOST", "192.0.2.1")
        .containsEntry("KUBERNETES_SERVICE_PORT", "6443");
    assertThat(environment("apiServer: {host: 'fd00::1', port: 443}"))
        .containsEntry("KUBERNETES_SERVICE_HOST", "fd00::1")
        .containsEntry("KUBERNETES_SERVICE_PORT", "443");
  }

  @Test
  @DisplayName("the pod is on the host's network, and asks the host's resolver")
  void isOnTheHostsNetwork() {
    JsonNode pod = Chart.pod(Chart.objects("{}"));
    assertThat(pod.path("hostNetwork").asBoolean()).isTrue();
    assertThat(pod.path("dnsPolicy").asText()).isEqualTo("Default");
    assertThat(pod.path("priorityClassName").asText()).isEqualTo("system-node-critical");
    assertThat(words(pod.path("tolerations"), "operator")).containsExactly("Exists");
    assertThat(pod.at("/tolerations/0").size()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0:10256, 127.0.0.1, 10256",
    "'[::]:10300', ::1, 10300",
    "127.0.0.1:9000, 127.0.0.1, 9000",
    "'[fd00::7]:9000', fd00::7, 9000"
  })
  @DisplayName("the probes go where the agent listens")
  void probesWhereItListens(String address, String host, int port) {
    JsonNode agent =
        Chart.agent(Chart.objects("config: {metrics-address: '%s'}".formatted(address)));
    JsonNode declared = agent.at("/ports/0");
    assertThat(declared.path("containerPort").asInt()).isEqualTo(port);
    assertThat(declared.path("hostPort").asInt()).isEqualTo(port);
    for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
      JsonNode get = agent.path(probe).path("httpGet");
      assertThat(get.path("host").asText()).isEqualTo(host);
      assertThat(get.path("port")).isEqualTo(declared.path("name"));
    }
  }

  @Test
  @DisplayName(
      "only what a restart helps against ends the agent: an API server that is away does not")
  void livesWithoutApiServer() {
    JsonNode agent = Chart.agent(Chart.objects("{}"));
    assertThat(agent.at("/startupProbe/httpGet/path").asText()).isEqualTo("/livez");
    assertThat(agent.at("/livenessProbe/httpGet/path").asText()).isEqualTo("/livez");
    assertThat(agent.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/healthz");
    // Longer than the round of which /livez says that it is stuck would be late; this adds to it.
    int seconds =
        agent.at("/livenessProbe/periodSeconds").asInt()
            * agent.at("/livenessProbe/failureThreshold").asInt();
    assertThat(seconds).isBetween(60, 180);
  }

  @Test
  @DisplayName("an agent's requests may take as long as policies may")
  void endsInTime() {
    JsonNode pod = Chart.pod(Chart.objects("{}"));
    assertThat(pod.path("terminationGracePeriodSeconds").asInt()).isGreaterThan(25 + 10);
  }

  @Test
  @DisplayName("the selector is what the pods carry, and stays what it was, since it cannot change")
  void selectsItsPods() {
    ObjectNode daemonSet = Chart.only(Chart.objects("image: {tag: '7'}"), "DaemonSet");
    JsonNode selector = daemonSet.at("/spec/selector/matchLabels");
    assertThat(selector.toString())
        .isEqualTo(
            "{\"app.kubernetes.io/name\":\"fairlead\",\"app.kubernetes.io/instance\":\"fairlead\"}");
    JsonNode labels = daemonSet.at("/spec/template/metadata/labels");
    selector
        .properties()
        .forEach(label -> assertThat(labels.get(label.getKey())).isEqualTo(label.getValue()));
  }

  @Test
  @DisplayName("agents never overlap on a node")
  void neverOverlaps() {
    JsonNode strategy =
        Chart.only(Chart.objects("updateStrategy: {maxUnavailable: '10%'}"), "DaemonSet")
            .at("/spec/updateStrategy");
    assertThat(strategy.at("/rollingUpdate/maxSurge").asInt(-1)).isZero();
    assertThat(strategy.at("/rollingUpdate/maxUnavailable").asText()).isEqualTo("10%");
  }
}
