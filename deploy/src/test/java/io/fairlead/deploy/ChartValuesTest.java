package io.fairlead.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that mean nothing are refused before anything is installed, in words that name them. */
class ChartValuesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          confg: {}                                   | confg
          config: {proxy-mod: ipvs}                   | proxy-mod
          config: {proxy-mode: eBPF}                  | proxy-mode
          config: {overlay: geneve}                   | overlay
          config: {cluster-cidr: 10.244.0.0/16}       | cluster-cidr
          config: {cluster-cidr: [10.244.0.0]}        | cluster-cidr
          config: {cluster-cidr: [10.0.0.0/8, 10.1.0.0/16, 'fd00::/64']} | cluster-cidr
          config: {vxlan-vni: 16777216}               | vxlan-vni
          config: {vxlan-port: '8472'}                | vxlan-port
          config: {vxlan-checksum-offload: on}        | vxlan-checksum-offload
          config: {masquerade: 'true'}                | masquerade
          config: {masquerade-bit: 32}                | masquerade-bit
          config: {policy-timeout: 26s}               | policy-timeout
          config: {ipvs-drain-timeout: 15 minutes}    | ipvs-drain-timeout
          config: {metrics-address: ':10256'}         | metrics-address
          config: {mtu: 576}                          | mtu
          config: {bridge: a-name-that-is-too-long}   | bridge
          config: {import-leases: cbr0}               | import-leases
          config: {kubeconfig: /etc/kubeconfig}       | kubeconfig
          apiServer: {host: 'https://192.0.2.1'}      | apiServer
          apiServer: {port: 65536}                    | apiServer
          image: {digest: 0123}                       | digest
          image: {repository: 'fairlead:1 '}          | repository
          seccomp: {type: localhost}                  | seccomp
          paths: {cniBin: opt/cni/bin}                | cniBin
          paths: {cniBin: /opt/cni/bin/}              | cniBin
          updateStrategy: {maxUnavailable: 0}         | maxUnavailable
          updateStrategy: {maxSurge: 1}               | maxSurge
          nodeSelector: {a: true}                     | nodeSelector
          seLinuxOptions: {kind: spc_t}               | seLinuxOptions
          resources: 1Gi                              | resources
          cleanup: true                               | cleanup
          """)
  @DisplayName("a value that cannot be is refused, and named")
  void refuses(String values, String named) {
    assertThatThrownBy(() -> Chart.text(values))
        .hasMessageContaining("values don't meet the specifications of the schema")
        .hasMessageContaining(named);
  }

  @Test
  @DisplayName("the schema knows each value, says what it is, and lets nothing else in")
  void isStrict() throws IOException {
    JsonNode schema =
        Chart.YAML.readTree(Files.readString(Chart.FOLDER.resolve("values.schema.json")));
    List<String> problems = new ArrayList<>();
    compare("", schema, Chart.values(), problems);
    assertThat(problems).isEmpty();
  }

  /** Objects that Kubernetes defines, or that have free keys, are not gone into. */
  private static void compare(String path, JsonNode schema, JsonNode value, List<String> problems) {
    if (!path.isEmpty() && schema.path("description").asText().isEmpty()) {
      problems.add(path + " has no description");
    }
    JsonNode properties = schema.path("properties");
    if (properties.isMissingNode()) {
      return;
    }
    if (!schema
        .path("additionalProperties")
        .equals(Chart.YAML.getNodeFactory().booleanNode(false))) {
      problems.add(path + " lets in what it does not know");
    }
    for (Map.Entry<String, JsonNode> property : properties.properties()) {
      JsonNode given = value.path(property.getKey());
      boolean isRequired = Chart.words(schema.path("required")).contains(property.getKey());
      if (given.isMissingNode() && isRequired) {
        problems.add(path + "/" + property.getKey() + " is not in values.yaml");
      } else {
        compare(path + "/" + property.getKey(), property.getValue(), given, problems);
      }
    }
  }

  @Test
  @DisplayName("each line of values.yaml that sets something has a comment above it")
  void isDocumented() throws IOException {
    List<String> lines = Files.readAllLines(Chart.FOLDER.resolve("values.yaml"));
    List<String> bare = new ArrayList<>();
    for (int i = 1; i < lines.size(); i++) {
      String line = lines.get(i);
      boolean setsSomething = line.matches(" {0,2}[A-Za-z-]+: .+");
      boolean isTold =
          lines.get(i - 1).strip().startsWith("#") || lines.get(i - 2).contains(" and ");
      if (setsSomething && !isTold) {
        bare.add(line);
      }
    }
    assertThat(bare).isEmpty();
  }
}
