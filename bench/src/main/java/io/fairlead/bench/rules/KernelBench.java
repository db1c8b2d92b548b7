package io.fairlead.bench.rules;

import io.fairlead.bench.result.Cell;
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
 * First syncs and single changes, up to the kernel's acknowledgement. Contenders take turns in an
 * order that rotates, so that what disturbs the machine disturbs all of them. Each has a namespace
 * of its own.
 */
final class KernelBench {

  private static final long SEED = 20_260_101;
  private static final int LOADS = 5;
  private static final int MOST_WARM_UP_CHANGES = 200;
  private static final int MOST_RIVAL_CHANGES = 20;

  private final RulesOptions options;
  private final ProgressLines progress;
  private final Samples samples;

  KernelBench(RulesOptions options, ProgressLines progress, Samples samples) {
    this.options = options;
    this.progress = progress;
    this.samples = samples;
  }

  /**
   * Between changes, of every contender. What a commit has replaced the kernel frees later, after a
   * grace period of some 10 ms, and rules of iptables that come meanwhile wait for it: without a
   * pause each change would be charged with the one before it.
   */
  private static final long PAUSE_MILLIS = 25;

  /** After it, an endpoint that left without a connection is gone. */
  private static final long DRAINED_MILLIS = 1500;

  /** A replaced endpoint is two that changed, and scaling changes one. */
  private static final int ENDPOINTS_PER_ROUND = 3;

  /** A contender that holds a population, and the changes that are made to it. */
  private record Runner(boolean rival, Contender contender, Population population, Changes changes)
      implements AutoCloseable {

    @Override
    public void close() {
      contender.close();
    }
  }

  /**
   * Measures first syncs, and changes too if there are to be any.
   *
   * @param changes of each kind; 0 for none
   */
  void run(Population population, int changes) throws IOException, InterruptedException {
    List<Entrant> entrants = new ArrayList<>(Entrant.backends(options.backends()));
    entrants.addAll(Entrant.floors(options.backends()));
    for (int round = 1; round < LOADS; round++) {
      for (Entrant entrant : entrants) {
        load(entrant, population).close();
      }
    }
    if (options.rivals() && changes > 0) {
      entrants.addAll(Entrant.rivals(options.backends()));
    }
    List<Runner> runners = new ArrayList<>();
    try {
      for (Entrant entrant : entrants) {
        runners.add(load(entrant, population));
      }
      if (changes > 0) {
        warmUp(runners, Math.min(changes, MOST_WARM_UP_CHANGES));
        progress.say(changes + " changes of each kind");
        settleAll(runners);
        Map<String, Long> before = new HashMap<>();
        for (Runner runner : runners) {
          before.put(runner.contender().name(), runner.contender().messages());
        }
        measure(runners, changes);
        countMessages(runners, before, changes);
        compareWithFloor(population);
      }
    } finally {
      runners.forEach(Runner::close);
    }
  }

  private Runner load(Entrant entrant, Population wanted) throws IOException, InterruptedException {
    Population population =
        entrant.rival()
            ? new Population(
                Math.min(wanted.services(), options.rivalServices()), wanted.endpoints())
            : wanted;
    Contender contender = entrant.open();
    try {
      long nanos = contender.load(population);
      if (nanos == Contender.NOT_MEASURED) {
        progress.say(contender.name() + ": " + population.title());
      } else {
        progress.say(
            String.format(
                Locale.ROOT,
                "%s: %s in %.3f s",
                contender.name(),
                population.title(),
                nanos / 1e9));
        samples.addNanos("first-sync", parameters(contender, population), nanos);
      }
      return new Runner(entrant.rival(), contender, population, new Changes(population, SEED));
    } catch (IOException | InterruptedException | RuntimeException e) {
      contender.close();
      throw e;
    }
  }

  private static Map<String, String> parameters(Contender contender, Population population) {
    return Map.of("contender", contender.name(), "population", population.title());
  }

  private static void settleAll(List<Runner> runners) throws IOException, InterruptedException {
    Thread.sleep(DRAINED_MILLIS);
    for (Runner runner : runners) {
      runner.contender().settle();
    }
  }

  private static void warmUp(List<Runner> runners, int changes)
      throws IOException, InterruptedException {
    for (Runner runner : runners) {
      for (int i = 0; i < (runner.rival() ? 1 : changes); i++) {
        for (Change.Kind kind : Change.Kind.values()) {
          runner.contender().change(runner.changes().next(kind));
        }
      }
    }
  }

  private void measure(List<Runner> runners, int changes) throws IOException, InterruptedException {
    int rivalChanges = Math.min(changes, MOST_RIVAL_CHANGES);
    List<Runner> order = new ArrayList<>(runners);
    for (int i = 0; i < changes; i++) {
      int rivalRound = i * rivalChanges / changes;
      boolean withRivals = i * rivalChanges / changes != (i + 1) * rivalChanges / changes;
      for (Change.Kind kind : Change.Kind.values()) {
        for (Runner runner : order) {
          boolean takesPart = withRivals && rivalRound < runner.contender().mostChanges();
          if (takesPart || !runner.rival()) {
            change(runner, kind);
          }
        }
      }
      Collections.rotate(order, 1);
    }
  }

  private void change(Runner runner, Change.Kind kind) throws IOException, InterruptedException {
    Thread.sleep(PAUSE_MILLIS);
    runner.contender().settle();
    long messages = runner.contender().messages();
    long nanos = runner.contender().change(runner.changes().next(kind));
    Map<String, String> parameters =
        Map.of(
            "contender", runner.contender().name(),
            "kind", kind.title(),
            "population", runner.population().title());
    samples.addNanos("event-to-kernel", parameters, nanos);
    if (messages != Contender.NOT_MEASURED) {
      samples.add(
          "netlink-messages",
          parameters,
          "per change",
          (double) (runner.contender().messages() - messages));
    }
  }

  /**
   * Messages for each endpoint that came or left, those for an endpoint that drains included: what
   * was sent at the changes and what was sent later because of them.
   */
  private void countMessages(List<Runner> runners, Map<String, Long> before, int changes)
      throws IOException, InterruptedException {
    Thread.sleep(DRAINED_MILLIS);
    for (Runner runner : runners) {
      long sent = runner.contender().messages();
      if (sent != Contender.NOT_MEASURED) {
        runner.contender().settle();
        sent = runner.contender().messages();
        samples.add(
            "netlink-messages",
            parameters(runner.contender(), runner.population()),
            "per changed endpoint",
            (double) (sent - before.getOrDefault(runner.contender().name(), 0L))
                / (ENDPOINTS_PER_ROUND * changes));
      }
    }
  }

  /** How many times the floor's median each contender's is. */
  private void compareWithFloor(Population population) {
    String name =
        options.backends().equals(List.of(Backend.IPVS))
            ? IpvsFloorContender.NAME
            : FloorContender.NAME;
    for (Change.Kind kind : Change.Kind.values()) {
      List<Cell> cells =
          samples.cells().stream()
              .filter(cell -> cell.name().equals("event-to-kernel"))
              .filter(cell -> kind.title().equals(cell.parameters().get("kind")))
              .filter(cell -> population.title().equals(cell.parameters().get("population")))
              .toList();
      for (Cell floor : cells) {
        if (name.equals(floor.parameters().get("contender"))) {
          for (Cell cell : cells) {
            if (cell.equals(floor)) {
              continue;
            }
            samples.add(
                "event-to-floor",
                cell.parameters(),
                "x",
                cell.percentile(50) / floor.percentile(50));
          }
        }
      }
    }
  }
}
