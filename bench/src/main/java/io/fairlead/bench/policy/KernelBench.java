package io.fairlead.bench.policy;

import io.fairlead.bench.policy.Contender.Effort;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * First syncs, new starts over what is there, and single changes, up to the kernel's
 * acknowledgement. Contenders take turns in an order that rotates, so that what disturbs the
 * machine disturbs all of them. Each has a namespace of its own.
 */
final class KernelBench {

  static final long SEED = 20_260_105;
  private static final int LOADS = 5;
  private static final int MOST_WARM_UP_ROUNDS = 100;

  /**
   * Between changes, of every contender. What a commit has replaced the kernel frees later, after a
   * grace period of some 10 ms.
   */
  private static final long PAUSE_MILLIS = 25;

  private final PolicyOptions options;
  private final ProgressLines progress;
  private final Samples samples;

  KernelBench(PolicyOptions options, ProgressLines progress, Samples samples) {
    this.options = options;
    this.progress = progress;
    this.samples = samples;
  }

  /** A contender that holds a cluster. */
  private record Runner(boolean rival, Contender contender) implements AutoCloseable {
    @Override
    public void close() {
      contender.close();
    }
  }

  /**
   * Measures first syncs, and changes too if there are to be any.
   *
   * @param rounds of changes of each kind; 0 for none
   */
  void run(int rounds) throws IOException, InterruptedException {
    List<Entrant> entrants = new ArrayList<>();
    entrants.add(Entrant.fairlead());
    ClusterObjects cluster = ClusterObjects.of(options.population());
    for (int round = 1; round < LOADS; round++) {
      load(entrants.getFirst(), cluster).close();
    }
    entrants.addAll(Entrant.floors());
    if (options.rivals()) {
      entrants.addAll(Entrant.rivals());
    }
    List<Runner> runners = new ArrayList<>();
    try {
      for (Entrant entrant : entrants) {
        runners.add(load(entrant, cluster));
      }
      if (rounds > 0) {
        change(runners, cluster, rounds);
      }
    } finally {
      runners.forEach(Runner::close);
    }
  }

  private Runner load(Entrant entrant, ClusterObjects cluster)
      throws IOException, InterruptedException {
    Contender contender = entrant.open();
    try {
      if (contender instanceof FloorContender) {
        contender.load(cluster);
      } else {
        sync("first-sync", contender, cluster);
        sync("restart", contender, cluster);
      }
      return new Runner(entrant.rival(), contender);
    } catch (IOException | InterruptedException | RuntimeException e) {
      contender.close();
      throw e;
    }
  }

  private void sync(String figure, Contender contender, ClusterObjects cluster)
      throws IOException, InterruptedException {
    Effort before = contender.effort();
    long nanos = contender.load(cluster);
    Map<String, String> parameters = parameters(contender, Map.of());
    progress.say(
        String.format(Locale.ROOT, "%s: %s in %.3f s", contender.name(), figure, nanos / 1e9));
    samples.addNanos(figure, parameters, nanos);
    addEffort(figure, parameters, before, contender.effort());
  }

  private Map<String, String> parameters(Contender contender, Map<String, String> more) {
    Map<String, String> all = new HashMap<>(more);
    all.putAll(options.population().parameters());
    all.put("contender", contender.name());
    return all;
  }

  /** What was sent for a change, or for a sync that stands in place of one. */
  private void addEffort(
      String change, Map<String, String> parameters, Effort before, Effort after) {
    if (after.isMeasured()) {
      Map<String, String> all = new HashMap<>(parameters);
      all.put("change", change);
      long operations = after.operations() - before.operations();
      samples.add("policy-operations", all, "operations", (double) operations);
      long elements = after.elements() - before.elements();
      samples.add("policy-elements", all, "elements", (double) elements);
    }
  }

  private void change(List<Runner> runners, ClusterObjects cluster, int rounds)
      throws IOException, InterruptedException {
    Changes changes = new Changes(options.population(), SEED);
    // Pairs of rounds: afterwards the cluster is as the rivals have it.
    for (int i = 0; i < 2 * Math.ceilDiv(Math.min(rounds, MOST_WARM_UP_ROUNDS), 2); i++) {
      for (Change change : changes.nextRound()) {
        cluster.apply(change);
        for (Runner runner : runners) {
          if (!runner.rival()) {
            runner.contender().change(cluster, change);
          }
        }
      }
    }
    progress.say(rounds + " changes of each kind");
    int rivalRounds = Math.min(rounds, options.rivalChanges());
    List<Runner> order = new ArrayList<>(runners);
    for (int i = 0; i < rounds; i++) {
      boolean withRivals = i * rivalRounds / rounds != (i + 1) * rivalRounds / rounds;
      if (withRivals && options.rivals()) {
        progress.say("round " + (i + 1) + ", with rivals");
      }
      for (Change change : changes.nextRound()) {
        cluster.apply(change);
        for (Runner runner : order) {
          if (withRivals || !runner.rival()) {
            change(runner.contender(), cluster, change);
          }
        }
      }
      Collections.rotate(order, 1);
    }
  }

  private void change(Contender contender, ClusterObjects cluster, Change change)
      throws IOException, InterruptedException {
    Thread.sleep(PAUSE_MILLIS);
    Effort before = contender.effort();
    long nanos = contender.change(cluster, change);
    String title = change.kind().title();
    Map<String, String> parameters = parameters(contender, Map.of("change", title));
    samples.addNanos("policy-event-to-kernel", parameters, nanos);
    addEffort(title, parameters, before, contender.effort());
  }
}
