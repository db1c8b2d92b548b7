package io.fairlead.bench.policy;

import io.fairlead.bench.policy.Contender.Effort;
import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * First syncs, new starts over what is there, and single changes, up to the kernel's
 * acknowledgement. Contenders take turns in an order that rotates, so that what disturbs the
 * machine disturbs all of them. Each has a namespace of its own.
 */
final class KernelBench {

  private static final long SEED = 20_260_105;
  private static final int LOADS = 5;
  private static final int MOST_WARM_UP_ROUNDS = 100;
  private static final int MOST_RIVAL_ROUNDS = 5;

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
    Map<String, String> parameters = parameters(contender, figure);
    progress.say(
        String.format(Locale.ROOT, "%s: %s in %.3f s", contender.name(), figure, nanos / 1e9));
    samples.addNanos("sync", parameters, nanos);
    addEffort(parameters, before, contender.effort());
  }

  private Map<String, String> parameters(Contender contender, String kind) {
    return Map.of(
        "contender", contender.name(), "kind", kind, "population", options.population().title());
  }

  private void addEffort(Map<String, String> parameters, Effort before, Effort after) {
    if (after.isMeasured()) {
      samples.add(
          "effort", parameters, "operations", (double) (after.operations() - before.operations()));
      samples.add(
          "effort", parameters, "elements", (double) (after.elements() - before.elements()));
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
    int rivalRounds = Math.min(rounds, MOST_RIVAL_ROUNDS);
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
    compareWithFloor();
  }

  private void change(Contender contender, ClusterObjects cluster, Change change)
      throws IOException, InterruptedException {
    Thread.sleep(PAUSE_MILLIS);
    Effort before = contender.effort();
    long nanos = contender.change(cluster, change);
    Map<String, String> parameters = parameters(contender, change.kind().title());
    samples.addNanos("event-to-kernel", parameters, nanos);
    addEffort(parameters, before, contender.effort());
  }

  /** How many times the floor's median each contender's is. */
  private void compareWithFloor() {
    List<Cell> cells =
        samples.cells().stream().filter(cell -> cell.name().equals("event-to-kernel")).toList();
    for (Cell floor : cells) {
      if (FloorContender.Variant.ELEMENT.title().equals(floor.parameters().get("contender"))) {
        String kind = floor.parameters().get("kind");
        for (Cell cell : cells) {
          if (!cell.equals(floor) && Objects.equals(cell.parameters().get("kind"), kind)) {
            double times = cell.percentile(50) / floor.percentile(50);
            samples.add("event-to-floor", cell.parameters(), "x", times);
          }
        }
      }
    }
  }
}
