package io.fairlead.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.config.ConfigurationException;
import io.fairlead.agent.config.ConfigurationKey;
import io.fairlead.agent.config.ConfigurationReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * The chart's configuration is the agent's: the same keys, the same defaults, read without fault.
 */
class ChartConfigurationTest {

  /** What the chart knows better than who installs it. */
  private static final Set<ConfigurationKey> NOT_OFFERED =
      Set.of(
          ConfigurationKey.KUBECONFIG,
          ConfigurationKey.MANIFESTS,
          ConfigurationKey.NODE_NAME,
          ConfigurationKey.CNI_BINARY_DIR);

  private static final Set<String> SET_BY_CHART =
      Set.of("cni-conf-dir", "cni-conf", "state-dir", "cni-socket", "admin-socket", "sysctl-dir");

  @TempDir private Path folder;

  private AgentConfiguration read(String yaml) throws IOException, ConfigurationException {
    Path file = Files.writeString(folder.resolve("config.yaml"), yaml);
    return new ConfigurationReader(file, Map.of(), _ -> null, "node-1").read();
  }

  @Test
  @DisplayName("no key of the agent's configuration is missing in the values, and none is unknown")
  void hasAllKeys() throws Exception {
    Set<String> offered = new TreeSet<>();
    Chart.values().path("config").fieldNames().forEachRemaining(offered::add);
    Set<String> expected =
        Arrays.stream(ConfigurationKey.values())
            .filter(key -> !NOT_OFFERED.contains(key) && !SET_BY_CHART.contains(key.key()))
            .map(ConfigurationKey::key)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(offered).isEqualTo(expected);
    assertThat(Arrays.stream(ConfigurationKey.values()).map(ConfigurationKey::key))
        .containsAll(SET_BY_CHART);
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("the defaults of the values are the agent's")
  void hasTheDefaults(ConfigurationKey key) throws Exception {
    JsonNode value = Chart.values().path("config").path(key.key());
    if (!value.isMissingNode()) {
      assertThat(value.isArray() ? String.join(",", Chart.words(value)) : value.asText())
          .isEqualTo(key.defaultValue());
    }
  }

  @ParameterizedTest
  @FieldSource("io.fairlead.deploy.ChartSchemasTest#VALUES")
  @DisplayName("the agent takes every configuration that the chart makes")
  void readsBack(String values) throws Exception {
    String yaml = Chart.configuration(Chart.objects(values));
    AgentConfiguration configuration = read(yaml);
    JsonNode made = Chart.YAML.readTree(yaml);
    Chart.YAML
        .readTree(values)
        .path("config")
        .properties()
        .forEach(given -> assertThat(made.get(given.getKey())).isEqualTo(given.getValue()));
    assertThat(configuration.install().binaryFolder()).isNull();
    assertThat(configuration.install().configFolder()).isEqualTo(Path.of("/etc/cni/net.d"));
  }

  @Test
  @DisplayName("prefixes of both IP families arrive as they were given")
  void readsDualStack() throws Exception {
    AgentConfiguration configuration =
        read(
            Chart.configuration(
                Chart.objects(
                    "config: {cluster-cidr: [10.244.0.0/16, 'fd00:10:244::/56'],"
                        + " service-cidr: [10.96.0.0/12, 'fd00:10:96::/112']}")));
    assertThat(configuration.clusterCidrs().toString())
        .isEqualTo("[10.244.0.0/16, fd00:10:244::/56]");
    assertThat(configuration.serviceCidrs().toString())
        .isEqualTo("[10.96.0.0/12, fd00:10:96::/112]");
  }

  @Test
  @DisplayName("pods roll for the keys that need a restart, and for no others")
  void rollsWhenNeeded() {
    String before = checksum("{}");
    assertThat(checksum("config: {mtu: 1450}")).isNotEqualTo(before);
    assertThat(checksum("config: {cluster-cidr: [10.244.0.0/16]}")).isNotEqualTo(before);
    assertThat(checksum("cni: {conflist: '{}'}")).isNotEqualTo(before);
    List<String> followed = new ArrayList<>();
    Map<String, String> others =
        Map.of("overlay", "host-gw", "proxy-mode", "ipvs", "log-level", "debug");
    others.forEach((key, value) -> {
      if (checksum("config: {" + key + ": " + value + "}").equals(before)) {
        followed.add(key);
      }
    });
    assertThat(followed)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(ConfigurationKey.values())
                .filter(ConfigurationKey::appliesAtRunTime)
                .map(ConfigurationKey::key)
                .toList());
    // What the file of the given CNI configuration holds is followed, too.
    assertThat(checksum("cni: {conflist: '{ }'}")).isEqualTo(checksum("cni: {conflist: '{}'}"));
  }

  private static String checksum(String values) {
    ObjectNode daemonSet = Chart.only(Chart.objects(values), "DaemonSet");
    return daemonSet
        .at("/spec/template/metadata/annotations")
        .path("fairlead.io/restart-checksum")
        .asText();
  }
}
