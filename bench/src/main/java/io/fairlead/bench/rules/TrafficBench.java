package io.fairlead.bench.rules;

import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Changes made one by one, each until a client's connections take the new way. Targets take turns
 * in an order that rotates, so that what disturbs the machine disturbs all of them. Before a clock
 * starts the client connects already; it goes on until {@link Watch#of} has seen the change.
 *
 * <p>At an API server there are three floors, taken with every endpoint that is replaced: the
 * server's own acknowledgement of the write; a connection to the new endpoint without a Service;
 * and connections through the Service until one finds the endpoint, when nothing changes any more,
 * which is what chance costs where a Service has several.
 */
final class TrafficBench {

  static final Duration LIMIT = Duration.ofSeconds(60);

  private static final int MOST_WARM_UP_CHANGES = 30;

  /** As in {@link KernelBench}, and for the same reason. */
  private static final long PAUSE_MILLIS = 25;

  private static final String ACKNOWLEDGEMENT = "floor: the API server's acknowledgement";
  private static final String CONNECTION = "floor: a connection to the endpoint";
  private static final String FINDING = "floor: connections until one finds the endpoint";

  private final Figure figure;
  private final RulesOptions options;
  private final ProgressLines progress;
  private final Samples samples;
  private final List<Side> sides = new ArrayList<>();

  TrafficBench(Figure figure, RulesOptions options, ProgressLines progress, Samples samples) {
    this.figure = figure;
    this.options = options;
    this.progress = progress;
    this.samples = samples;
  }

  /** A target and what was changed there. */
  private record Side(Target target, Population population, boolean rival, Changes changes) {}

  /**
   * Adds one that holds the population already; its maker closes it.
   *
   * @return what is changed there, for those who go on when this has run
   */
  Changes add(Target target, Population population, boolean rival) {
    Changes changes = new Changes(population, options.seed());
    sides.add(new Side(target, population, rival, changes));
    return changes;
  }

  void run(Set<Change.Kind> kinds) throws IOException, InterruptedException {
    for (Change.Kind kind : kinds) {
      progress.say(figure.title() + ", " + kind.title() + ": " + options.changes() + " changes");
      for (Side side : sides) {
        int warmUp = side.rival() ? 1 : Math.min(options.changes(), MOST_WARM_UP_CHANGES);
        for (int i = 0; i < warmUp; i++) {
          change(side, kind, new Samples());
        }
      }
      List<Side> order = new ArrayList<>(sides);
      for (int i = 0; i < options.changes(); i++) {
        for (Side side : order) {
          if (options.takesPart(side.rival(), Integer.MAX_VALUE, i)) {
            change(side, kind, samples);
          }
        }
        Collections.rotate(order, 1);
      }
    }
  }

  private void change(Side side, Change.Kind kind, Samples into)
      throws IOException, InterruptedException {
    for (Change change : side.changes().preparing(kind)) {
      pause(side);
      side.target().apply(change);
      see(side, Watch.of(change));
    }
    pause(side);
    Change change = side.changes().next(kind);
    Watch watch = Watch.of(change);
    side.target().client().watch(watch);
    watch.awaitUnderWay(LIMIT);
    Applied applied = side.target().apply(change);
    long seen = watch.await(LIMIT);
    Map<String, String> parameters = parameters(side, side.target().contender(), kind);
    if (figure == Figure.RULE_UPDATE) {
      into.addNanos(figure.title(), parameters, seen - applied.begin());
      if (kind == Change.Kind.REPLACED) {
        floors(side, change, applied, into);
      }
    } else {
      into.addNanos(figure.title(), parameters, seen - applied.record());
    }
  }

  private static void pause(Side side) throws IOException, InterruptedException {
    Thread.sleep(PAUSE_MILLIS);
    side.target().settle();
  }

  /** Returns the time that a client needs to see what is there already. */
  private static long see(Side side, Watch watch) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    side.target().client().watch(watch);
    return watch.await(LIMIT) - begin;
  }

  private void floors(Side side, Change change, Applied applied, Samples into)
      throws IOException, InterruptedException {
    Change.Kind kind = change.kind();
    into.addNanos(
        figure.title(),
        parameters(side, ACKNOWLEDGEMENT, kind),
        applied.acknowledged() - applied.begin());
    into.addNanos(figure.title(), parameters(side, FINDING, kind), see(side, Watch.of(change)));
    into.addNanos(
        figure.title(), parameters(side, CONNECTION, kind), see(side, Watch.endpoint(change)));
  }

  private static Map<String, String> parameters(Side side, String contender, Change.Kind kind) {
    Map<String, String> all = new TreeMap<>(side.population().parameters(contender));
    all.put("change", kind.title());
    return all;
  }
}
