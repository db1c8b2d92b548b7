package io.fairlead.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConntrackUsageTest {

  @Test
  @DisplayName("a full table of connections is told, and one that cannot be read (faults 34)")
  void full(@TempDir Path folder) throws Exception {
    AgentMetrics agent = Samples.agentMetrics();
    ConntrackUsage.register(agent.registry(), folder);
    assertThat(agent.exposition()).contains("fairlead_conntrack_entries NaN");
    Files.writeString(folder.resolve("nf_conntrack_count"), "262144\n");
    Files.writeString(folder.resolve("nf_conntrack_max"), "262144\n");
    assertThat(agent.exposition())
        .contains("fairlead_conntrack_entries 262144.0", "fairlead_conntrack_limit 262144.0");
  }
}
