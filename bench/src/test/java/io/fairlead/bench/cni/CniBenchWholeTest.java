package io.fairlead.bench.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.result.Results;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class CniBenchWholeTest {

  private static final Path PLUGINS = Path.of("/usr/lib/cni");

  @Test
  @Timeout(120)
  void everyContenderAddsAndDeletesItsPods() throws Exception {
    Distribution distribution = Distribution.ifBuilt();
    if (distribution == null) {
      abort("make dist has not built target/fairlead");
      return;
    }
    assumeTrue(
        Files.isExecutable(PLUGINS.resolve("bridge")),
        "the package containernetworking-plugins is not installed");
    Results results = new CniBench(distribution, PLUGINS, 3).run();
    System.out.print(results.toTable());
    assertThat(results.cells()).hasSize(10).allMatch(cell -> cell.count() == 3);
    assertThat(results.cells())
        .extracting(cell -> cell.name() + " " + cell.parameters().get("contender"))
        .contains("cni-add fairlead", "cni-del fairlead", "cni-add reference bridge, ipMasq");
    assertThat(results.cells()).allMatch(cell -> cell.percentile(0) > 0.1, "takes time");
  }
}
