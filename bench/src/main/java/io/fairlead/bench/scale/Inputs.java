package io.fairlead.bench.scale;

import io.fairlead.bench.result.Cell;
import io.fairlead.bench.scale.CellQuery.Growth;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * All that the model takes from a run.
 *
 * @param bytes of events
 * @param processor of an agent per change, in ms
 * @param latency of one change until the kernel has acknowledged it, in ms
 * @param firstSync of everything, in ms
 * @param resident memory of an agent, in MB
 * @param slab the kernel's memory for the rules, in MB
 * @param netlink bytes sent to the kernel per change
 * @param parsing of the EndpointSlice that is nearest in size, in ns
 * @param rivals what a change costs them, in ms, by contender
 */
record Inputs(
    EventBytes bytes,
    Input processor,
    Input latency,
    Input firstSync,
    Input resident,
    Input slab,
    Input netlink,
    Input parsing,
    List<Input> rivals) {

  /** The kind of change that stands for all. */
  private static final String CHANGE = "endpoint replaced";

  private static final String RIVAL = "kube-proxy";

  private static final String KERNEL = "kernel";

  /** The sizes that {@code micro} parses. */
  private static final List<Integer> PARSED = List.of(2, 10, 100);

  /** What is known about {@code contender} and about kube-proxy, carried to the cluster's size. */
  static Inputs of(List<Cell> cells, EventBytes bytes, ModelCluster cluster, String contender) {
    double objects = cluster.objects();
    Map<String, String> changed = Map.of("contender", contender, "change", CHANGE);
    int parsed =
        PARSED.stream()
            .min((a, b) -> Integer.compare(distance(a, cluster), distance(b, cluster)))
            .orElseThrow();
    return new Inputs(
        bytes,
        new CellQuery("processor", with(changed, "what", "whole agent"))
            .at(objects, Growth.CONSTANT, "processor time of an agent per change", cells),
        new CellQuery("event-to-kernel", changed)
            .at(objects, Growth.CONSTANT, "one change, event to acknowledgement", cells),
        new CellQuery("first-sync", Map.of("contender", contender))
            .at(objects, Growth.PROPORTIONAL, "first sync", cells),
        new CellQuery("memory", Map.of("contender", contender, "what", "resident"))
            .at(objects, Growth.PROPORTIONAL, "resident memory of an agent", cells),
        new CellQuery("memory", Map.of("contender", contender, "what", "slab"))
            .at(objects, Growth.PROPORTIONAL, "memory of the kernel (slab)", cells),
        new CellQuery("netlink-bytes", with(changed, "direction", "sent"))
            .at(objects, Growth.CONSTANT, "bytes to the kernel per change", cells),
        new CellQuery("micro-endpoint-slice-project", Map.of("endpoints", Integer.toString(parsed)))
            .at(0, Growth.CONSTANT, "parsing an EndpointSlice of " + parsed, cells),
        rivals(cells, objects, kernels(cells, contender)));
  }

  private static int distance(int size, ModelCluster cluster) {
    return Math.abs(size - cluster.changedSlice());
  }

  private static Map<String, String> with(Map<String, String> some, String key, String value) {
    Map<String, String> all = new java.util.TreeMap<>(some);
    all.put(key, value);
    return all;
  }

  /** Where a contender was measured: what ran in the lab kernel compares with nothing else. */
  private static Set<String> kernels(List<Cell> cells, String contender) {
    Set<String> kernels =
        cells.stream()
            .map(Cell::parameters)
            .filter(parameters -> contender.equals(parameters.get("contender")))
            .map(parameters -> parameters.getOrDefault(KERNEL, ""))
            .collect(Collectors.toSet());
    return kernels.isEmpty() ? Set.of("") : kernels;
  }

  private static List<Input> rivals(List<Cell> cells, double objects, Set<String> kernels) {
    Set<String> contenders = new LinkedHashSet<>();
    for (Cell cell : cells) {
      String contender = cell.parameters().getOrDefault("contender", "");
      if (cell.name().equals("event-to-kernel")
          && contender.startsWith(RIVAL)
          && kernels.contains(cell.parameters().getOrDefault(KERNEL, ""))) {
        contenders.add(contender);
      }
    }
    List<Input> rivals = new ArrayList<>();
    for (String contender : contenders) {
      rivals.add(
          new CellQuery("event-to-kernel", Map.of("contender", contender, "change", CHANGE))
              .at(objects, Growth.PROPORTIONAL, contender + ": one sync", cells));
    }
    return rivals;
  }

  /** All of them, those that are missing too. */
  List<Input> all() {
    List<Input> all =
        new ArrayList<>(List.of(processor, latency, firstSync, resident, slab, netlink, parsing));
    all.addAll(rivals);
    return all;
  }
}
