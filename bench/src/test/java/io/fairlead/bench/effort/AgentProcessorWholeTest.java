package io.fairlead.bench.effort;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.lab.Whole;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import io.fairlead.bench.rules.Backend;
import io.fairlead.bench.rules.Population;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class AgentProcessorWholeTest {

  @Test
  @Timeout(120)
  void aCellForChangesAndOneForNone() throws Exception {
    Samples samples = new Samples();
    AgentProcessor processor =
        new AgentProcessor(
            Whole.distribution(), new ProgressLines(System.err), samples, Duration.ofMillis(50));
    processor.add(Backend.NFTABLES, new Population(3, 1));
    processor.run(20);
    assertThat(samples.cells())
        .extracting(cell -> cell.parameters().get("change") + ", " + cell.count())
        .containsExactly("none, for a second, 1", "endpoint replaced, 5");
    assertThat(samples.cells().getLast().maximum()).as("of 20 changes").isPositive();
  }
}
