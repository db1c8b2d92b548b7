package io.fairlead.deploy.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.lab.LabNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("the pods of cleanup.enabled")
@ExtendWith(EngineExtension.class)
class CleanupWholeTest {

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"proxy-mode: nftables", "proxy-mode: iptables"})
  @DisplayName("leave nothing of fairlead's on a node, and what others have as it was")
  void leaveNothing(String keys, Engine engine) throws Exception {
    try (Cluster cluster = Cluster.create(engine, 1, keys)) {
      Machine machine = cluster.machine(1);
      LabNamespace host = machine.namespace();
      String before = host.run("nft", "list", "ruleset");
      Path binary = machine.host("/opt/cni/bin/fairlead");
      Path configuration = machine.host("/etc/cni/net.d/10-fairlead.conflist");
      cluster.startAgents();
      cluster.removePod(cluster.addPod(1, "web", "web"));
      assertThat(host.run("nft", "list", "tables")).contains("inet fairlead");
      assertThat(host.run("ip", "link")).contains("fairlead0", "fairlead-vxlan");
      assertThat(binary).isExecutable();
      assertThat(configuration).isRegularFile();

      cluster.cleanUp(1, keys);
      String after = host.run("nft", "list", "ruleset");
      // An empty base chain, such as iptables' own programs leave, may be there in a table of
      // others.
      assertThat(after.lines()).containsAll(before.lines().toList());
      assertThat(after).doesNotContainIgnoringCase("fairlead");
      assertThat(host.run("ip", "link")).doesNotContain("fairlead");
      assertThat(host.run("ip", "route", "show", "table", "all")).doesNotContain("10.244.");
      assertThat(Files.exists(binary)).isFalse();
      assertThat(Files.exists(configuration)).isFalse();
    }
  }
}
