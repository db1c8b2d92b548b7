package io.fairlead.agent.install;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.config.ConfigurationKey;
import io.fairlead.agent.config.ConfigurationReader;
import java.util.EnumMap;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NetworkListTest {

  private static AgentConfiguration configuration(Map<ConfigurationKey, String> flags)
      throws Exception {
    Map<ConfigurationKey, String> all = new EnumMap<>(ConfigurationKey.class);
    all.put(ConfigurationKey.MANIFESTS, "/m");
    all.putAll(flags);
    return new ConfigurationReader(null, all, _ -> null, "node-a").read();
  }

  @Test
  @DisplayName("the agent's own list says nothing but what differs from the defaults")
  void own() throws Exception {
    String text = NetworkList.of(configuration(Map.of()));
    JsonNode list = new ObjectMapper().readTree(text);
    assertThat(list.path("cniVersion").asText()).isEqualTo("1.0.0");
    assertThat(list.path("cniVersions").toString()).isEqualTo("[\"1.0.0\",\"1.1.0\"]");
    assertThat(list.path("name").asText()).isEqualTo("fairlead");
    assertThat(list.path("plugins").toString())
        .isEqualTo(
            "[{\"type\":\"fairlead\",\"capabilities\":{\"portMappings\":true,\"bandwidth\":true,"
                + "\"ips\":true,\"ipRanges\":true,\"mac\":true,\"dns\":true,\"aliases\":true,"
                + "\"io.kubernetes.cri.pod-annotations\":true}}]");
    assertThat(NetworkList.problem(text)).isEmpty();
    assertThat(text).endsWith("}\n");
  }

  @Test
  @DisplayName("another socket and state folder are told to the binary")
  void places() throws Exception {
    JsonNode plugin =
        new ObjectMapper()
            .readTree(
                NetworkList.of(
                    configuration(
                        Map.of(
                            ConfigurationKey.CNI_SOCKET, "/run/other.sock",
                            ConfigurationKey.STATE_DIR, "/srv/fairlead"))))
            .path("plugins")
            .path(0);
    assertThat(plugin.path("socket").asText()).isEqualTo("/run/other.sock");
    assertThat(plugin.path("queue").asText()).isEqualTo("/srv/fairlead/cni-deletes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"cniVersion\": ,}| line 1 is not JSON",
        "[]| it is not a JSON object",
        "{} {}| line 1 is not JSON",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"n\",\"type\":\"fairlead\"}| it configures one plugin",
        "{\"cniVersion\":\"1.0.0\",\"plugins\":[]}| it has no \"name\"",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"a b\"}| its name \"a b\" is invalid",
        "{\"name\":\"n\"}| it has no \"cniVersion\"",
        "{\"cniVersion\":\"9\",\"name\":\"n\"}| its cniVersion \"9\" is not supported; use one of",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"n\"}| it has no \"plugins\"",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"n\",\"plugins\":[{}]}| one of its plugins has no",
        "{\"cniVersion\":\"1.0.0\",\"name\":\"n\",\"plugins\":[{\"type\":\"portmap\"},{\"type\":\"fairlead\"}]}|"
            + " its first plugin is \"portmap\"; \"fairlead\" must be first",
      })
  @DisplayName("a list that no pod could be attached with is refused, with the mend")
  void refused(String text, String problem) {
    assertThat(NetworkList.problem(text))
        .hasValueSatisfying(it -> assertThat(it).startsWith(problem));
  }

  @Test
  @DisplayName("others may be chained behind, and unknown keys stay")
  void chained() {
    assertThat(
            NetworkList.problem(
                "{\"cniVersion\":\"0.4.0\",\"name\":\"n\",\"x\":1,\"plugins\":[{\"type\":\"fairlead\"},"
                    + "{\"type\":\"tuning\",\"sysctl\":{}}]}"))
        .isEmpty();
  }
}
