package io.fairlead.bench.rules;

import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Measures what the options ask for. Needs root; all namespaces are its own. */
final class RulesBench {

  private final RulesOptions options;
  private final ProgressLines progress;
  private final Samples samples;

  RulesBench(RulesOptions options, ProgressLines progress, Samples samples) {
    this.options = options;
    this.progress = progress;
    this.samples = samples;
  }

  void run(List<Grid.Point> points) throws IOException, InterruptedException {
    for (Grid.Point point : points) {
      measure(point.population(), point.figures(), point.workloads());
    }
  }

  private void measure(Population population, Set<Figure> figures, Set<Workload> workloads)
      throws IOException, InterruptedException {
    progress.say(population.title());
    Set<Change.Kind> kinds = Workload.kinds(workloads);
    EnumSet<Figure> kernel = EnumSet.of(Figure.EVENT_TO_KERNEL, Figure.FIRST_SYNC, Figure.RESTART);
    kernel.retainAll(figures);
    if (!kernel.isEmpty()) {
      new KernelBench(options, progress, samples).run(population, kernel, kinds);
    }
    if (figures.contains(Figure.RECORD_TO_TRAFFIC) && !kinds.isEmpty()) {
      recordToTraffic(population, kinds);
    }
    if (figures.contains(Figure.RULE_UPDATE) || figures.contains(Figure.START_TO_READY)) {
      agents(population, figures, workloads);
    }
  }

  private void recordToTraffic(Population population, Set<Change.Kind> kinds)
      throws IOException, InterruptedException {
    List<Entrant> entrants = new ArrayList<>(Entrant.backends(options.backends()));
    if (options.rivals()) {
      entrants.addAll(Entrant.connectingRivals(options.backends()));
    }
    TrafficBench bench = new TrafficBench(Figure.RECORD_TO_TRAFFIC, options, progress, samples);
    try (Resources open = new Resources()) {
      for (Entrant entrant : entrants) {
        Population own = options.population(entrant.rival(), population);
        ContenderNode node = open.add(ContenderNode.create(entrant, own));
        progress.say(node.contender() + ": " + own.title() + " on a node");
        bench.add(node, own, entrant.rival());
      }
      bench.run(kinds);
    }
  }

  private void agents(Population population, Set<Figure> figures, Set<Workload> workloads)
      throws IOException, InterruptedException {
    Distribution distribution = Distribution.required();
    TrafficBench bench = new TrafficBench(Figure.RULE_UPDATE, options, progress, samples);
    StreamBench streams = new StreamBench(options, progress, samples);
    try (Resources open = new Resources()) {
      Map<AgentNode, Changes> nodes = new LinkedHashMap<>();
      for (Backend backend : options.backends()) {
        AgentNode node = open.add(AgentNode.create(distribution, backend, population));
        long nanos = node.start().toNanos();
        progress.say(
            String.format(Locale.ROOT, "%s: ready in %.0f ms", backend.contender(), nanos / 1e6));
        if (figures.contains(Figure.START_TO_READY)) {
          Map<String, String> parameters = population.parameters(backend.contender());
          samples.addNanos(Figure.START_TO_READY.title(), parameters, nanos);
        }
        nodes.put(node, bench.add(node, population, false));
      }
      if (figures.contains(Figure.RULE_UPDATE)) {
        bench.run(Workload.kinds(workloads));
        for (var node : nodes.entrySet()) {
          streams.run(node.getKey(), node.getValue(), population, workloads);
        }
      }
      if (figures.contains(Figure.START_TO_READY)) {
        for (AgentNode node : nodes.keySet()) {
          new RestartBench(options, progress, samples).run(node, population);
        }
      }
      for (AgentNode node : nodes.keySet()) {
        node.kill();
      }
    }
  }
}
