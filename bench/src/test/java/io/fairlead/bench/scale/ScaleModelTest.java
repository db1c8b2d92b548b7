package io.fairlead.bench.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fairlead.bench.result.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ScaleModelTest {

  private static final ModelCluster CLUSTER =
      new ModelCluster(5000, 100_000, 2, 10, 100, 150_000, 10_000, 6_000, 3);
  private static final EventBytes BYTES =
      new EventBytes(600, new TreeMap<>(Map.of(2, 1000, 10, 3000, 100, 25_500)));
  private static final String OURS = "fairlead nftables";
  private static final String THEIRS = "kube-proxy's rules, nft";

  private static Cell cell(String name, double value, String unit, String... parameters) {
    Map<String, String> all = new TreeMap<>();
    for (int i = 0; i < parameters.length; i += 2) {
      all.put(parameters[i], parameters[i + 1]);
    }
    return new Cell(name, all, unit, List.of(value));
  }

  private static Cell memory(double value, int services) {
    return cell(
        "memory",
        value,
        "MB",
        "contender",
        OURS,
        "what",
        "resident",
        "services",
        Integer.toString(services),
        "endpoints",
        "2");
  }

  private static Cell update(String contender, double value) {
    return cell(
        "event-to-kernel",
        value,
        "ms",
        "contender",
        contender,
        "change",
        "endpoint replaced",
        "services",
        "10000",
        "endpoints",
        "2");
  }

  private static Inputs inputs(List<Cell> cells) {
    return Inputs.of(cells, BYTES, CLUSTER, OURS);
  }

  @Test
  void whatRanInTheLabKernelIsNoRivalOfTheOthers() {
    Cell lab =
        cell(
            "event-to-kernel",
            3000,
            "ms",
            "contender",
            "kube-proxy's work, ipvs",
            "change",
            "endpoint replaced",
            "services",
            "200",
            "endpoints",
            "2",
            "kernel",
            "lab");
    Cell ipvs = cell("first-sync", 160, "ms", "contender", "fairlead ipvs", "kernel", "lab");
    List<Cell> cells = List.of(lab, ipvs, update(OURS, 0.6), update(THEIRS, 200));
    assertThat(Inputs.of(cells, BYTES, CLUSTER, OURS).rivals())
        .extracting(Input::what)
        .containsExactly(THEIRS + ": one sync");
    assertThat(Inputs.of(cells, BYTES, CLUSTER, "fairlead ipvs").rivals())
        .extracting(Input::what)
        .containsExactly("kube-proxy's work, ipvs: one sync");
  }

  private static double value(List<Estimate> estimates, String what) {
    return estimates.stream()
        .filter(estimate -> estimate.what().equals(what))
        .findFirst()
        .orElseThrow()
        .value();
  }

  @Test
  void whatServersSendIsChangesTimesNodesTimesBytes() {
    ScaleModel model = new ScaleModel(CLUSTER, inputs(List.of()));
    assertThat(model.sliceBytes()).isCloseTo(3000, within(1.0));
    assertThat(value(model.servers(), "events sent for EndpointSlices")).isEqualTo(500_000);
    // 500,000 events of 3,000 bytes.
    assertThat(value(model.servers(), "bytes sent for EndpointSlices"))
        .isCloseTo(12.0, within(0.01));
    // Each of 5,000 Nodes every 300 seconds, to 5,000 nodes.
    assertThat(value(model.servers(), "bytes sent for Nodes")).isCloseTo(6.67, within(0.01));
    assertThat(value(model.servers(), "first list of one node, without Pods"))
        .isCloseTo(100_000 * 1600 / 1e6 + 50, within(0.1));
  }

  @Test
  void memoryIsCarriedAlongALine() {
    Inputs inputs = inputs(List.of(memory(100, 1000), memory(190, 10_000)));
    assertThat(inputs.resident().orNaN()).isCloseTo(90 + 10 * 100, within(0.001));
    assertThat(inputs.resident().from()).contains("a line through 2 sizes up to 10000 x 2");
  }

  @Test
  void oneSizeIsCarriedInProportion() {
    Inputs inputs = inputs(List.of(memory(190, 10_000)));
    assertThat(inputs.resident().orNaN()).isCloseTo(1900, within(0.001));
    assertThat(inputs.resident().from()).contains("carried in proportion");
  }

  @Test
  void whatIsMissingIsNamedAndNotInvented() {
    String text = ScaleText.of(new ScaleModel(CLUSTER, inputs(List.of())));
    assertThat(text)
        .contains("missing: cell processor {change=endpoint replaced, contender=" + OURS)
        .contains("| processor for changes | ? % of a core |")
        .contains("| bytes sent for EndpointSlices | 12 Gbit/s |")
        .doesNotContain("NaN")
        .doesNotContain("with kube-proxy's rules |");
  }

  @Test
  void changesCostProcessorTime() {
    List<Cell> cells = new ArrayList<>();
    cells.add(
        cell(
            "processor",
            1.5,
            "ms",
            "contender",
            OURS,
            "what",
            "whole agent",
            "change",
            "endpoint replaced"));
    cells.add(update(OURS, 0.5));
    ScaleModel model = new ScaleModel(CLUSTER, inputs(cells));
    assertThat(value(model.node(), "processor for changes")).isCloseTo(15, within(0.001));
    // A twentieth of the time is taken: 0.05 / (2 x 0.95) of 0.5 ms.
    assertThat(value(model.node(), "a change waits for those before it"))
        .isCloseTo(0.0132, within(0.0001));
    assertThat(
            value(
                new ScaleModel(CLUSTER.withChanges(3000), inputs(cells)).node(),
                "a change waits for those before it"))
        .isInfinite();
  }

  @Test
  void kubeProxySyncsOverAndOver() {
    ScaleModel model = new ScaleModel(CLUSTER, inputs(List.of(update(THEIRS, 300))));
    assertThat(value(model.rivals(), THEIRS + ": one sync")).isCloseTo(3, within(0.001));
    assertThat(value(model.rivals(), THEIRS + ": busy")).isCloseTo(100, within(0.001));
    assertThat(value(model.rivals(), THEIRS + ": a change is in force after"))
        .isCloseTo(4.5, within(0.001));
    // A change in a thousand seconds takes its own sync, and nothing else.
    ScaleModel quiet = new ScaleModel(CLUSTER.withChanges(0.001), model.inputs());
    assertThat(value(quiet.rivals(), THEIRS + ": busy")).isCloseTo(0.3, within(0.001));
  }
}
