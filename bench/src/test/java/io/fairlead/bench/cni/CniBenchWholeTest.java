package io.fairlead.bench.cni;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fairlead.bench.lab.Whole;
import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CniBenchWholeTest {

  private static final Path PLUGINS = Path.of("/usr/lib/cni");

  @Test
  @DisplayName("every contender and floor adds and deletes its pods, one by one and at once")
  void attachments() throws Exception {
    Path bridge = PLUGINS.resolve("bridge");
    assumeTrue(Files.isExecutable(bridge), bridge + " is not installed");
    CniOptions options = new CniOptions(PLUGINS, 2, 4, 0, 10, 1, Set.of(CniFigure.values()));
    Samples samples = new Samples();
    new CniBench(Whole.distribution(), options, new ProgressLines(System.out)).run(samples);

    List<Cell> cells = samples.cells();
    assertThat(cells)
        .filteredOn(cell -> cell.name().equals("cni-add"))
        .hasSize(10)
        .allMatch(cell -> cell.count() == 2 && "2".equals(cell.parameters().get("pods")));
    assertThat(cells)
        .filteredOn(cell -> cell.name().equals("cni-del"))
        .extracting(cell -> cell.parameters().get("contender"))
        .contains(
            "fairlead",
            "fairlead, host port",
            "reference bridge, ipMasq",
            "floor: one rtnetlink message, a veth pair",
            "floor: our plugin's STATUS");
    assertThat(cells)
        .filteredOn(cell -> cell.name().endsWith("failures"))
        .hasSize(4)
        .extracting(Cell::maximum)
        .containsOnly(0.0);
  }
}
