package io.fairlead.bench.rules;

import io.fairlead.bench.measure.Connection;
import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * What a new connection through a Service costs, with one Service and with many. All nodes take
 * turns in an order that rotates, a few connections at a time.
 */
final class ConnectBench {

  private static final double NANOS_PER_MICRO = 1e3;
  private static final int BATCH = 20;
  private static final int BATCHES = 100;
  private static final int WARM_UP_BATCHES = 15;

  private final RulesOptions options;
  private final ProgressLines progress;
  private final Samples samples;

  ConnectBench(RulesOptions options, ProgressLines progress, Samples samples) {
    this.options = options;
    this.progress = progress;
    this.samples = samples;
  }

  /** A node and what it holds. */
  private record Side(ConnectNode node, Population population) {
    Map<String, String> parameters() {
      return Map.of("contender", node.contender(), "population", population.title());
    }
  }

  void run(Population population) throws IOException, InterruptedException {
    List<Entrant> entrants = new ArrayList<>(Entrant.backends(options.backends()));
    if (options.rivals()) {
      entrants.addAll(Entrant.connectingRivals(options.backends()));
    }
    List<Side> sides = new ArrayList<>();
    try {
      for (Entrant entrant : entrants) {
        int most = entrant.rival() ? options.rivalServices() : population.services();
        for (int services : new int[] {1, Math.min(most, population.services())}) {
          Population own = new Population(services, population.endpoints());
          sides.add(new Side(ConnectNode.create(entrant, own), own));
          progress.say(sides.getLast().node().contender() + ": " + own.title() + " on a node");
        }
      }
      connect(sides, WARM_UP_BATCHES, new Samples());
      progress.say(BATCH * BATCHES + " connections through each node");
      Samples own = new Samples();
      connect(sides, BATCHES, own);
      report(own, sides);
    } finally {
      sides.forEach(side -> side.node().close());
    }
  }

  private static void connect(List<Side> sides, int batches, Samples into)
      throws IOException, InterruptedException {
    List<Side> order = new ArrayList<>(sides);
    for (int i = 0; i < batches; i++) {
      for (Side side : order) {
        for (Connection connection : side.node().connect(BATCH)) {
          long connect = connection.connected() - connection.begin();
          long first = connection.end() - connection.begin();
          into.add("connect-latency", side.parameters(), "us", connect / NANOS_PER_MICRO);
          into.add("first-byte-latency", side.parameters(), "us", first / NANOS_PER_MICRO);
        }
      }
      Collections.rotate(order, 1);
    }
  }

  /** The measured cells, and for each contender the ratio of medians, many to one. */
  private void report(Samples own, List<Side> sides) {
    List<Cell> cells = own.cells();
    for (Cell cell : cells) {
      cell.samples().forEach(value -> samples.add(cell.name(), cell.parameters(), "us", value));
    }
    for (int i = 0; i < sides.size(); i += 2) {
      double one = median(cells, sides.get(i));
      double many = median(cells, sides.get(i + 1));
      samples.add("connect-ratio", sides.get(i + 1).parameters(), "x", many / one);
    }
  }

  private static double median(List<Cell> cells, Side side) {
    return cells.stream()
        .filter(cell -> cell.name().equals("connect-latency"))
        .filter(cell -> cell.parameters().equals(side.parameters()))
        .findFirst()
        .orElseThrow()
        .percentile(50);
  }
}
