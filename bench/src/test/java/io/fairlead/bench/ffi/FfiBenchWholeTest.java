package io.fairlead.bench.ffi;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.jmh.Effort;
import io.fairlead.bench.jmh.JavaCompiler;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class FfiBenchWholeTest {

  @Test
  @Timeout(120)
  void everyContenderMakesEveryExchange() throws Exception {
    Samples samples = new Samples();
    new FfiBench(new ProgressLines(System.err))
        .run(1, 1, Effort.ONCE, List.of(JavaCompiler.C1), samples);
    assertThat(samples.cells())
        .filteredOn(cell -> cell.name().equals("ffi-latency"))
        .filteredOn(cell -> !cell.parameters().containsValue("floor: C"))
        .hasSize(4)
        .allMatch(cell -> cell.count() == 1 && cell.maximum() > 0);
    assertThat(samples.cells())
        .filteredOn(cell -> cell.name().equals("ffi-start"))
        .extracting(cell -> cell.parameters().get("contender"))
        .contains("Panama", "JNR-FFI");
  }
}
