package io.fairlead.bench.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.lab.Whole;
import io.fairlead.bench.policy.Population;
import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import io.fairlead.bench.rules.Backend;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class MemoryWholeTest {

  @Test
  @Timeout(120)
  void anAgentAndTheKernel() throws Exception {
    Samples samples = new Samples();
    Cluster cluster =
        new Cluster(new io.fairlead.bench.rules.Population(20, 2), Population.of(60, 3));
    Map<String, String> environment = new TreeMap<>();
    MemoryBench bench =
        new MemoryBench(
            Whole.distribution(), new ProgressLines(System.err), samples, Duration.ofMillis(200));
    bench.agent(Backend.NFTABLES, cluster);
    bench.kernel(Backend.NFTABLES, cluster, environment);
    Map<String, Double> figures = new HashMap<>();
    for (Cell cell : samples.cells()) {
      assertThat(cell.parameters())
          .containsEntry("contender", "fairlead nftables")
          .containsEntry("services", "20")
          .containsEntry("pods", "60")
          .containsEntry("policies", "3");
      figures.put(cell.parameters().get("what"), cell.percentile(50));
    }
    assertThat(figures).containsOnlyKeys("resident", "pss", "heap", "slab", "percpu", "vmalloc");
    assertThat(figures.get("heap")).isBetween(1.0, figures.get("resident"));
    assertThat(figures.get("pss")).isLessThanOrEqualTo(figures.get("resident"));
    assertThat(environment).containsKey("slab of nftables");
  }
}
