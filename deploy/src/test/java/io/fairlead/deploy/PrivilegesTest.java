package io.fairlead.deploy;

import static io.fairlead.deploy.Chart.elements;
import static io.fairlead.deploy.Chart.words;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pods may do on a node: what docs/deploy.md lists, and no more. */
class PrivilegesTest {

  private static final String LEGACY = "config: {proxy-mode: iptables, iptables-variant: legacy}";

  private static JsonNode container(JsonNode pod, String name) {
    return Stream.concat(
            elements(pod.path("initContainers")).stream(),
            elements(pod.path("containers")).stream())
        .filter(container -> container.path("name").asText().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** Where a container reaches which folder of the host. */
  private static Map<String, String> hostFolders(JsonNode pod, JsonNode container) {
    Map<String, String> paths =
        elements(pod.path("volumes")).stream()
            .filter(volume -> volume.has("hostPath"))
            .collect(
                Collectors.toMap(
                    volume -> volume.path("name").asText(),
                    volume ->
                        volume.at("/hostPath/path").asText()
                            + " "
                            + volume.at("/hostPath/type").asText()));
    Map<String, String> folders = new TreeMap<>();
    for (JsonNode mount : elements(container.path("volumeMounts"))) {
      String path = paths.get(mount.path("name").asText());
      if (path != null) {
        folders.put(
            mount.path("mountPath").asText(),
            path + (mount.path("readOnly").asBoolean() ? " read-only" : ""));
      }
    }
    return folders;
  }

  @Test
  @DisplayName("the agent reaches its own folders, the CNI configuration and the network's sysctls")
  void agentReaches() {
    JsonNode pod = Chart.pod(Chart.objects("{}"));
    assertThat(hostFolders(pod, container(pod, "fairlead")))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "/run/fairlead", "/run/fairlead DirectoryOrCreate",
                "/var/lib/fairlead", "/var/lib/fairlead DirectoryOrCreate",
                "/etc/cni/net.d", "/etc/cni/net.d DirectoryOrCreate",
                "/host/proc/sys/net", "/proc/sys/net Directory"));
  }

  @Test
  @DisplayName("only what runs before it reaches what the host executes")
  void installReaches() {
    JsonNode pod = Chart.pod(Chart.objects("{}"));
    assertThat(hostFolders(pod, container(pod, "install")))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "/host/opt/cni/bin", "/opt/cni/bin DirectoryOrCreate",
                "/host/seccomp", "/var/lib/kubelet/seccomp DirectoryOrCreate"));
    JsonNode cleanup = Chart.pod(Chart.objects("cleanup: {enabled: true}"));
    assertThat(hostFolders(cleanup, container(cleanup, "cleanup")))
        .containsOnlyKeys(
            "/run/fairlead",
            "/var/lib/fairlead",
            "/etc/cni/net.d",
            "/host/opt/cni/bin",
            "/run/xtables.lock");
  }

  @Test
  @DisplayName("iptables-legacy takes NET_RAW and the lock, a former network its leases")
  void extras() {
    JsonNode legacy = Chart.pod(Chart.objects(LEGACY));
    assertThat(hostFolders(legacy, container(legacy, "fairlead")))
        .containsEntry("/run/xtables.lock", "/run/xtables.lock FileOrCreate");
    assertThat(words(container(legacy, "fairlead").at("/securityContext/capabilities/add")))
        .containsExactly("NET_ADMIN", "NET_RAW");
    JsonNode moved =
        Chart.pod(Chart.objects("config: {import-leases: /var/lib/cni/networks/cbr0}"));
    assertThat(hostFolders(moved, container(moved, "fairlead")))
        .containsEntry(
            "/var/lib/cni/networks", "/var/lib/cni/networks DirectoryOrCreate read-only");
  }

  @ParameterizedTest
  @FieldSource("io.fairlead.deploy.ChartSchemasTest#VALUES")
  @DisplayName("whatever the values: no container may gain more than its capabilities")
  void isConfined(String values) {
    JsonNode pod = Chart.pod(Chart.objects(values));
    for (String field : List.of("hostPID", "hostIPC", "shareProcessNamespace")) {
      assertThat(pod.path(field).asBoolean()).as(field).isFalse();
    }
    assertThat(pod.path("automountServiceAccountToken").asBoolean(true)).isFalse();
    boolean isLegacy = values.contains("iptables-variant: legacy");
    for (JsonNode container :
        Stream.concat(
                elements(pod.path("initContainers")).stream(),
                elements(pod.path("containers")).stream())
            .toList()) {
      JsonNode context = container.path("securityContext");
      String name = container.path("name").asText();
      assertThat(context.path("privileged").asBoolean()).as(name).isFalse();
      assertThat(context.path("allowPrivilegeEscalation").asBoolean(true)).as(name).isFalse();
      assertThat(context.path("readOnlyRootFilesystem").asBoolean()).as(name).isTrue();
      assertThat(words(context.at("/capabilities/drop"))).containsExactly("ALL");
      List<String> expected =
          switch (name) {
            case "fairlead" -> isLegacy ? List.of("NET_ADMIN", "NET_RAW") : List.of("NET_ADMIN");
            case "cleanup" -> List.of("NET_ADMIN", "NET_RAW");
            default -> List.of();
          };
      assertThat(words(context.at("/capabilities/add"))).as(name).isEqualTo(expected);
      assertThat(elements(container.path("volumeMounts")))
          .noneMatch(mount -> mount.has("mountPropagation") || mount.has("subPath"));
      boolean hasToken = words(container.path("volumeMounts"), "name").contains("api-access");
      assertThat(hasToken).as(name).isEqualTo(name.equals("fairlead"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "image: {tag: '7'}", "image: {digest: 'sha256:%s'}"})
  @DisplayName("the profile that is installed is the one that the agent asks for, and the image's")
  void namesOneProfile(String values) {
    JsonNode pod = Chart.pod(Chart.objects(values.formatted("0".repeat(64))));
    List<String> arguments = words(container(pod, "install").path("args"));
    String installed = arguments.get(arguments.indexOf("--seccomp-name") + 1);
    JsonNode profile = container(pod, "fairlead").at("/securityContext/seccompProfile");
    assertThat(profile.path("localhostProfile").asText()).isEqualTo(installed);
    String image = container(pod, "fairlead").path("image").asText();
    assertThat(installed)
        .isEqualTo(
            "fairlead-" + image.replaceFirst("^fairlead[:@]", "").replace(':', '-') + ".json");
    assertThat(container(pod, "install").at("/securityContext/seccompProfile/type").asText())
        .isEqualTo("RuntimeDefault");
  }

  @Test
  @DisplayName("without a profile of its own nothing of the kubelet is reached")
  void needsNoProfile() {
    JsonNode pod = Chart.pod(Chart.objects("seccomp: {type: RuntimeDefault}"));
    assertThat(words(pod.path("volumes"), "name")).doesNotContain("seccomp");
    assertThat(words(container(pod, "install").path("args"))).doesNotContain("--seccomp-dir");
  }

  @ParameterizedTest
  @FieldSource("io.fairlead.deploy.ChartSchemasTest#VALUES")
  @DisplayName("what is mounted exists, and no volume is there for nobody")
  void mountsWhatExists(String values) {
    List<ObjectNode> objects = Chart.objects(values);
    JsonNode pod = Chart.pod(objects);
    List<String> mounted =
        Stream.concat(
                elements(pod.path("initContainers")).stream(),
                elements(pod.path("containers")).stream())
            .flatMap(container -> words(container.path("volumeMounts"), "name").stream())
            .distinct()
            .toList();
    assertThat(words(pod.path("volumes"), "name")).containsExactlyInAnyOrderElementsOf(mounted);
    assertThat(pod.at("/volumes/0/configMap/name"))
        .isEqualTo(Chart.only(objects, "ConfigMap").at("/metadata/name"));
  }
}
