package io.fairlead.bench.rules;

import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;

/**
 * Agents that are killed and started again while a client goes on connecting: how long they take
 * until they are ready, and how many connections failed from the kill until then.
 */
final class RestartBench {

  private final RulesOptions options;
  private final ProgressLines progress;
  private final Samples samples;

  RestartBench(RulesOptions options, ProgressLines progress, Samples samples) {
    this.options = options;
    this.progress = progress;
    this.samples = samples;
  }

  /** Connects every now and then, whatever becomes of it. */
  private static final class Flow extends Watch {

    private static final long PERIOD_NANOS = 1_000_000;

    private volatile int answered;
    private volatile int failed;

    Flow() {
      super(service(0));
    }

    @Override
    long periodNanos() {
      return PERIOD_NANOS;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    void saw(Attempt attempt) {
      if (attempt.isAnswered()) {
        answered++;
      } else {
        failed++;
      }
    }
  }

  /** Kills the agent of a node, which has to run, some times. */
  void run(AgentNode node, Population population) throws IOException, InterruptedException {
    Map<String, String> parameters = population.parameters(node.contender());
    for (int round = 0; round < options.rounds(); round++) {
      Flow flow = new Flow();
      node.client().watch(flow);
      flow.awaitUnderWay(TrafficBench.LIMIT);
      node.kill();
      long nanos = node.start().toNanos();
      flow.found(System.nanoTime());
      progress.say(
          String.format(
              Locale.ROOT,
              "%s: ready again after %.0f ms; %d connections meanwhile, %d failed",
              node.contender(),
              nanos / 1e6,
              flow.answered + flow.failed,
              flow.failed));
      samples.addNanos("restart-to-ready", parameters, nanos);
      samples.add("restart-failures", parameters, "connections", flow.failed);
    }
  }
}
