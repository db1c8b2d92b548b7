package io.fairlead.bench.rules;

import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.KernelFeatures;
import io.fairlead.bench.result.Machine;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Results;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Measures what the options ask for. Needs root; all namespaces are its own. */
final class RulesBench {

  private final RulesOptions options;
  private final ProgressLines progress;
  private final Samples samples = new Samples();

  RulesBench(RulesOptions options, ProgressLines progress) {
    this.options = options;
    this.progress = progress;
  }

  Results run() throws IOException, InterruptedException {
    if (options.backends().contains(Backend.IPVS) && !KernelFeatures.hasIpvs()) {
      throw new IOException(KernelFeatures.WITHOUT_IPVS);
    }
    Map<String, String> environment = new LinkedHashMap<>(Machine.describe());
    environment.put("load before", Machine.load());
    for (var entry : Grid.of(options).entrySet()) {
      measure(entry.getKey(), entry.getValue());
    }
    environment.put("load after", Machine.load());
    return new Results(environment, samples.cells());
  }

  private void measure(Population population, Set<Figure> figures)
      throws IOException, InterruptedException {
    boolean changes = figures.contains(Figure.EVENT_TO_KERNEL);
    if (changes || figures.contains(Figure.FIRST_SYNC)) {
      new KernelBench(options, progress, samples).run(population, changes ? options.changes() : 0);
    }
    if (figures.contains(Figure.CONNECT_LATENCY)) {
      new ConnectBench(options, progress, samples).run(population);
    }
    boolean traffic = figures.contains(Figure.WRITE_TO_TRAFFIC);
    if (traffic || figures.contains(Figure.MEMORY)) {
      AgentBench agents = new AgentBench(Distribution.required(), progress, samples);
      for (Backend backend : options.backends()) {
        if (backend.isInAgent()) {
          agents.run(backend, population, traffic ? options.changes() : 0);
        } else {
          progress.say("no agent uses " + backend.title() + " yet: not measured");
        }
      }
    }
  }
}
