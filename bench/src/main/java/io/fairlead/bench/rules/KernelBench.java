package io.fairlead.bench.rules;

import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * First syncs, restarts and single changes, up to the kernel's acknowledgement. Contenders take
 * turns in an order that rotates, so that what disturbs the machine disturbs all of them. Each has
 * a namespace of its own.
 */
final class KernelBench {

  private static final int MOST_WARM_UP_CHANGES = 100;

  /**
   * Between changes, of every contender. What a commit has replaced the kernel frees later, after a
   * grace period of some 10 ms, and rules of iptables that come meanwhile wait for it: without a
   * pause each change would be charged with the one before it.
   */
  private static final long PAUSE_MILLIS = 25;

  /** After it, an endpoint that left without a connection is gone. */
  private static final long DRAINED_MILLIS = 1500;

  /** So many take some seconds. */
  private static final int MANY_ENDPOINTS = 20_000;

  private final RulesOptions options;
  private final ProgressLines progress;
  private final Samples samples;

  KernelBench(RulesOptions options, ProgressLines progress, Samples samples) {
    this.options = options;
    this.progress = progress;
    this.samples = samples;
  }

  /** A contender that holds a population, and the changes that are made to it. */
  private record Runner(boolean rival, Contender contender, Population population, Changes changes)
      implements AutoCloseable {

    @Override
    public void close() {
      contender.close();
    }
  }

  /** Measures those of the figures that end in the kernel. */
  void run(Population population, Set<Figure> figures, Set<Change.Kind> kinds)
      throws IOException, InterruptedException {
    List<Entrant> entrants = new ArrayList<>(Entrant.backends(options.backends()));
    entrants.addAll(Entrant.floors(options.backends()));
    boolean firstSync = figures.contains(Figure.FIRST_SYNC);
    for (int round = 1; firstSync && round < options.rounds(); round++) {
      for (Entrant entrant : entrants) {
        load(entrant, population, true).close();
      }
    }
    boolean changes = figures.contains(Figure.EVENT_TO_KERNEL) && !kinds.isEmpty();
    if (options.rivals() && (changes || firstSync)) {
      entrants.addAll(Entrant.rivals(options.backends()));
    }
    try (Resources open = new Resources()) {
      List<Runner> runners = new ArrayList<>();
      for (Entrant entrant : entrants) {
        runners.add(open.add(load(entrant, population, firstSync)));
      }
      if (changes) {
        change(runners, kinds);
      }
      if (figures.contains(Figure.RESTART)) {
        settleAll(runners);
        restart(runners);
      }
    }
  }

  private Runner load(Entrant entrant, Population wanted, boolean measured)
      throws IOException, InterruptedException {
    Population population = options.population(entrant.rival(), wanted);
    Contender contender = entrant.open();
    try {
      if (population.services() * population.endpoints() >= MANY_ENDPOINTS) {
        progress.say(contender.name() + ": is loaded with " + population.title());
      }
      long nanos = contender.load(population);
      if (nanos != Contender.NOT_MEASURED && measured) {
        samples.addNanos("first-sync", population.parameters(contender.name()), nanos);
      }
      String time =
          nanos == Contender.NOT_MEASURED
              ? ""
              : String.format(Locale.ROOT, " in %.3f s", nanos / 1e9);
      progress.say(contender.name() + ": " + population.title() + time);
      Changes changes = new Changes(population, options.seed());
      return new Runner(entrant.rival(), contender, population, changes);
    } catch (IOException | InterruptedException | RuntimeException e) {
      contender.close();
      throw e;
    }
  }

  private static void settleAll(List<Runner> runners) throws IOException, InterruptedException {
    Thread.sleep(DRAINED_MILLIS);
    for (Runner runner : runners) {
      runner.contender().settle();
    }
  }

  private void restart(List<Runner> runners) throws IOException, InterruptedException {
    for (int round = 0; round < options.rounds(); round++) {
      for (Runner runner : runners) {
        if (runner.contender() instanceof BackendContender backend) {
          BackendContender.Sync sync = backend.restart();
          Map<String, String> parameters = runner.population().parameters(backend.name());
          samples.addNanos("restart", parameters, sync.nanos());
          samples.add("restart-operations", parameters, "operations", sync.operations());
          progress.say(
              String.format(
                  Locale.ROOT,
                  "%s: in sync again in %.3f s, %d operations",
                  backend.name(),
                  sync.nanos() / 1e9,
                  sync.operations()));
        }
      }
    }
  }

  private void change(List<Runner> runners, Set<Change.Kind> kinds)
      throws IOException, InterruptedException {
    Samples unused = new Samples();
    for (Change.Kind kind : kinds) {
      progress.say("event-to-kernel, " + kind.title() + ": " + options.changes() + " changes");
      for (Runner runner : runners) {
        int warmUp = runner.rival() ? 1 : Math.min(options.changes(), MOST_WARM_UP_CHANGES);
        for (int i = 0; i < warmUp; i++) {
          change(runner, kind, 0, unused);
        }
      }
      settleAll(runners);
      List<Runner> order = new ArrayList<>(runners);
      for (int i = 0; i < options.changes(); i++) {
        for (Runner runner : order) {
          if (options.takesPart(runner.rival(), runner.contender().mostChanges(), i)) {
            change(runner, kind, PAUSE_MILLIS, samples);
          }
        }
        Collections.rotate(order, 1);
      }
    }
  }

  private static void change(Runner runner, Change.Kind kind, long pause, Samples into)
      throws IOException, InterruptedException {
    for (Change change : runner.changes().preparing(kind)) {
      runner.contender().change(change);
    }
    Thread.sleep(pause);
    runner.contender().settle();
    Applied applied = runner.contender().change(runner.changes().next(kind));
    Map<String, String> parameters =
        new TreeMap<>(runner.population().parameters(runner.contender().name()));
    parameters.put("change", kind.title());
    into.addNanos("event-to-kernel", parameters, applied.acknowledged() - applied.begin());
  }
}
