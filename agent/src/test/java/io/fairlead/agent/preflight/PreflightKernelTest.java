package io.fairlead.agent.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.config.ConfigurationReader;
import io.fairlead.agent.preflight.KernelFeature.State;
import io.fairlead.dataplane.testing.TestNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is found in a real kernel. */
class PreflightKernelTest {

  @Test
  @DisplayName("what the tests of the data plane need is found, and nothing stays behind")
  void features() throws Exception {
    try (TestNamespace host = TestNamespace.create("host")) {
      String before = host.run("ip", "-o", "link");
      List<KernelFeature> features = host.call(KernelProbe::run);
      assertThat(features)
          .filteredOn(feature -> feature.needed())
          .isNotEmpty()
          .allSatisfy(
              feature -> assertThat(feature.state()).as(feature.toString()).isEqualTo(State.FOUND));
      assertThat(host.run("ip", "-o", "link")).isEqualTo(before);
    }
  }

  @Test
  @DisplayName("traces of others are found in the kernel and on disk")
  void traces(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("00-other.conflist"), "{}");
    try (TestNamespace host = TestNamespace.create("host")) {
      host.run("ip", "link", "add", "cni0", "up", "type", "bridge");
      host.run("ip", "addr", "add", "192.0.2.1/24", "dev", "cni0");
      host.run("ip", "route", "add", "default", "via", "192.0.2.2", "metric", "5");
      host.run("nft", "add table ip kube-proxy; add chain ip kube-proxy services");
      HostFacts facts = host.call(() -> HostReader.read(Path.of("/proc"), folder, List.of()));
      assertThat(facts.unreadable()).isEmpty();
      assertThat(facts.uplink()).isNotNull().extracting(link -> link.name()).isEqualTo("cni0");
      assertThat(facts.trackedConnections()).isNotNegative();
      assertThat(facts.setting("net/ipv4/ip_forward")).isEqualTo("0");
      assertThat(facts.setting("net/netfilter/nf_conntrack_max"))
          .as("all of its digits")
          .isEqualTo(host.run("sysctl", "-n", "net.netfilter.nf_conntrack_max").strip());
      assertThat(facts.writableSettings()).contains("net/ipv4/ip_forward");
      assertThat(facts.cniConfigs()).containsExactly("00-other.conflist");
      assertThat(
              Preflight.judge(
                  facts, new ConfigurationReader(null, Map.of(), _ -> null, "node-a").read()))
          .extracting(finding -> finding.level() + " " + finding.subject())
          .contains("WARN kube-proxy", "WARN flannel", "OK uplink cni0", "FAIL CNI configuration");
    }
  }
}
