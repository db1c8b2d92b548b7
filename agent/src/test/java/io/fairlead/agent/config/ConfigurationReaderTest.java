package io.fairlead.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fairlead.dataplane.model.Cidr;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationReaderTest {

  private static AgentConfiguration read(String yaml, Map<ConfigurationKey, String> flags)
      throws ConfigurationException {
    return new ConfigurationReader(Path.of("/etc/fl.yaml"), flags, _ -> null, "Host-A")
        .parse(yaml.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> problems(String yaml) {
    return catchThrowableOfType(ConfigurationException.class, () -> read(yaml, Map.of()))
        .problems();
  }

  @Test
  @DisplayName("an empty file means the defaults; the host's name is lowered")
  void defaults() throws ConfigurationException {
    AgentConfiguration configuration = read("", Map.of());

    assertThat(configuration.nodeName()).isEqualTo("host-a");
    assertThat(configuration.overlay()).isEqualTo(OverlayMode.VXLAN);
    assertThat(configuration.proxyMode()).isEqualTo(ProxyMode.NFTABLES);
    assertThat(configuration.stateDirectory()).isEqualTo(Path.of("/var/lib/fairlead"));
    assertThat(configuration.metricsAddress().getPort()).isEqualTo(10256);
    assertThat(configuration.bridge()).isEqualTo("fairlead0");
    assertThat(configuration.mtu()).isZero();
    assertThat(configuration.kubeconfig()).isNull();
  }

  @Test
  @DisplayName("every key is read from the file, lists as lists or as one word")
  void everyKey() throws ConfigurationException {
    AgentConfiguration configuration =
        read(
            """
            # a comment
            kubeconfig: /etc/kubernetes/admin.conf
            node-name: node-1
            cluster-cidr: [10.244.0.0/16, "fd00::/48"]
            service-cidr: 10.96.0.0/12
            overlay: host-gw
            proxy-mode: none
            state-dir: /s
            sysctl-dir: /host/sys
            cni-socket: /c.sock
            admin-socket: /a.sock
            metrics-address: "[::1]:99"
            bridge: br0
            mtu: 1400
            log-format: json
            log-level: debug
            """,
            Map.of());

    assertThat(configuration.kubeconfig()).isEqualTo(Path.of("/etc/kubernetes/admin.conf"));
    assertThat(configuration.clusterCidrs())
        .containsExactly(Cidr.parse("10.244.0.0/16"), Cidr.parse("fd00::/48"));
    assertThat(configuration.serviceCidrs()).containsExactly(Cidr.parse("10.96.0.0/12"));
    assertThat(configuration.overlay()).isEqualTo(OverlayMode.HOST_GW);
    assertThat(configuration.proxyMode()).isEqualTo(ProxyMode.NONE);
    assertThat(configuration.sysctlDirectory()).isEqualTo(Path.of("/host/sys"));
    assertThat(configuration.metricsAddress().getPort()).isEqualTo(99);
    assertThat(configuration.mtu()).isEqualTo(1400);
    assertThat(configuration.logFormat()).isEqualTo(LogFormat.JSON);
    assertThat(configuration.logLevel()).isEqualTo(LogLevel.DEBUG);
  }

  @Test
  @DisplayName("flags win over the file, and NODE_NAME over the host's name")
  void precedence() throws ConfigurationException {
    AgentConfiguration configuration =
        read(
            "overlay: none\nmtu: 1400\n",
            Map.of(
                ConfigurationKey.OVERLAY,
                "host-gw",
                ConfigurationKey.CLUSTER_CIDR,
                "10.1.0.0/16,fd00::/64"));
    assertThat(configuration.overlay()).isEqualTo(OverlayMode.HOST_GW);
    assertThat(configuration.mtu()).isEqualTo(1400);
    assertThat(configuration.clusterCidrs()).hasSize(2);

    ConfigurationReader withEnvironment =
        new ConfigurationReader(
            null, Map.of(), name -> name.equals("NODE_NAME") ? "from-env" : null, "host");
    assertThat(withEnvironment.read().nodeName()).isEqualTo("from-env");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          overly: vxlan             | /etc/fl.yaml:1:1 has the unknown key "overly". Did you mean overlay?
          clusterCIDR: 10.0.0.0/8   | /etc/fl.yaml:1:1 has the unknown key "clusterCIDR". Did you mean cluster-cidr?
          zebra: 1                  | /etc/fl.yaml:1:1 has the unknown key "zebra". The keys are kubeconfig
          overlay: vxlna            | /etc/fl.yaml:1:10: overlay cannot be "vxlna". Did you mean vxlan? It is one of vxlan, host-gw, none
          overlay: [vxlan]          | /etc/fl.yaml:1:10 gives overlay something else than one word. Write overlay: MODE
          overlay: {a: b}           | /etc/fl.yaml:1:10 gives overlay something else than one word
          overlay:                  | gives overlay something else than one word
          cluster-cidr: [[a]]       | gives cluster-cidr something else than a list of words
          cluster-cidr: 10.0.0.0    | /etc/fl.yaml:1:15: cluster-cidr has a bad entry: "10.0.0.0" is not a CIDR
          proxy-mode: ipvsadm       | proxy-mode cannot be "ipvsadm". Did you mean ipvs? It is one of nftables, iptables, ipvs, none
          mtu: many                 | mtu "many" is not an MTU. Write 0, or a number of bytes from 1280 to 65535
          mtu: 68                   | mtu "68" is not an MTU
          bridge: a-name-that-is-too-long | cannot name an interface
          metrics-address: 10256    | metrics-address "10256" is not an address and a port. Write 0.0.0.0:10256
          metrics-address: 1.2.3.4:70000 | is not an address and a port
          node-name: Node_1         | node-name "Node_1" cannot be a Node's name
          - a                       | /etc/fl.yaml:1:1 must be a mapping
          just words                | must be a mapping
          """)
  @DisplayName("what is wrong is said with its place and its mend")
  void oneProblem(String yaml, String sentence) {
    assertThat(problems(yaml)).singleElement().asString().contains(sentence);
  }

  @Test
  @DisplayName("all problems are said at once")
  void allProblems() {
    assertThat(
            problems(
                """
                overlay: tunnel
                unknown-thing: 1
                mtu: 3
                mtu: 4
                cluster-cidr: [10.0.0.0/8, 10.1.0.0/16, x]
                service-cidr: 10.2.0.0/16
                kubeconfig: /a
                manifests: /b
                """))
        .satisfiesExactlyInAnyOrder(
            p -> assertThat(p).startsWith("/etc/fl.yaml:1:10: overlay"),
            p -> assertThat(p).startsWith("/etc/fl.yaml:2:1 has the unknown key"),
            p -> assertThat(p).startsWith("/etc/fl.yaml:4:1 repeats mtu"),
            p -> assertThat(p).startsWith("/etc/fl.yaml:3:6: mtu"),
            p -> assertThat(p).contains("second IPv4 prefix"),
            p -> assertThat(p).contains("bad entry"),
            p -> assertThat(p).contains("overlaps cluster-cidr"),
            p -> assertThat(p).contains("both given"));
  }

  @Test
  @DisplayName("a file that is not YAML is said so with line and column")
  void notYaml() {
    assertThat(problems("overlay: vxlan\nmtu: [1, 2\nbridge: x\n"))
        .singleElement()
        .asString()
        .matches("/etc/fl.yaml:\\d+:\\d+ is not YAML: .*Write one \"key: value\" per line");
  }

  @Test
  @DisplayName("a socket's path must fit sun_path")
  void longSocketPath() {
    assertThat(problems("cni-socket: /" + "x".repeat(120)))
        .singleElement()
        .asString()
        .contains("cni-socket is longer than the 107 bytes");
  }

  @Test
  @DisplayName("a missing file is named")
  void missingFile() {
    ConfigurationReader reader =
        new ConfigurationReader(Path.of("/nonexistent/fl.yaml"), Map.of(), _ -> null, "h");
    assertThatThrownBy(reader::read)
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("There is no configuration file /nonexistent/fl.yaml");
  }
}
