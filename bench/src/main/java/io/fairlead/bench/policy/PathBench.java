package io.fairlead.bench.policy;

import io.fairlead.bench.measure.Connection;
import io.fairlead.bench.result.Cell;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What policies cost a new connection and bulk traffic between two pods of a bridge. All nodes take
 * turns in an order that rotates, a few connections or a part of a second at a time.
 */
final class PathBench {

  private static final double NANOS_PER_MICRO = 1e3;
  private static final double BITS_PER_GIGABIT = 1e9;
  private static final int CONNECTIONS = 20;
  private static final int CONNECT_TURNS = 100;
  private static final int WARM_UP_TURNS = 15;
  private static final long SEND_NANOS = 150_000_000;
  private static final int SEND_TURNS = 20;
  private static final String NOBODY = "floor: no table of policies";

  private final PolicyOptions options;
  private final ProgressLines progress;
  private final Samples samples;

  PathBench(PolicyOptions options, ProgressLines progress, Samples samples) {
    this.options = options;
    this.progress = progress;
    this.samples = samples;
  }

  /** A node and what it holds. */
  private record Side(PathNode node, String contender, PathCluster cluster, Population population) {

    Map<String, String> parameters() {
      Map<String, String> all = new TreeMap<>(population.parameters());
      all.put("contender", contender);
      all.put("selected by", cluster.title());
      return all;
    }
  }

  /** Measures one or both, in at most as many turns as there are changes. */
  void run(boolean connections, boolean bulk) throws IOException, InterruptedException {
    List<Side> sides = new ArrayList<>();
    try {
      sides.add(side(null, NOBODY, PathCluster.NONE));
      for (PathCluster cluster : PathCluster.values()) {
        sides.add(side(Entrant.fairlead(), FairleadContender.NAME, cluster));
        if (options.rivals()) {
          for (KubeRouterRival.Variant variant : KubeRouterRival.Variant.values()) {
            Entrant rival = new Entrant(true, space -> new KubeRouterRival(variant, space));
            sides.add(side(rival, variant.title(), cluster));
          }
        }
      }
      Samples own = new Samples();
      if (connections) {
        connect(sides, Math.min(options.changes(), WARM_UP_TURNS), new Samples());
        progress.say("connections through " + sides.size() + " nodes");
        connect(sides, Math.min(options.changes(), CONNECT_TURNS), own);
      }
      if (bulk) {
        send(sides, 1, new Samples());
        progress.say("bulk traffic through " + sides.size() + " nodes");
        send(sides, Math.min(options.changes(), SEND_TURNS), own);
      }
      report(own.cells());
    } finally {
      sides.forEach(side -> side.node().close());
    }
  }

  private Side side(@Nullable Entrant entrant, String name, PathCluster cluster)
      throws IOException, InterruptedException {
    progress.say("a node: " + name + ", " + cluster.title());
    PathNode node = PathNode.create(entrant, cluster.of(options.population()));
    return new Side(node, name, cluster, options.population());
  }

  private static void connect(List<Side> sides, int turns, Samples into)
      throws IOException, InterruptedException {
    List<Side> order = new ArrayList<>(sides);
    for (int i = 0; i < turns; i++) {
      for (Side side : order) {
        for (Connection connection : side.node().connect(CONNECTIONS)) {
          long connect = connection.connected() - connection.begin();
          into.add("connect-latency", side.parameters(), "us", connect / NANOS_PER_MICRO);
        }
      }
      Collections.rotate(order, 1);
    }
  }

  private static void send(List<Side> sides, int turns, Samples into)
      throws IOException, InterruptedException {
    List<Side> order = new ArrayList<>(sides);
    for (int i = 0; i < turns; i++) {
      for (Side side : order) {
        double bits = 8 * side.node().send(SEND_NANOS);
        into.add("throughput", side.parameters(), "Gbit/s", bits / BITS_PER_GIGABIT);
      }
      Collections.rotate(order, 1);
    }
  }

  /** The cells, and how much worse each median is than without policies. */
  private void report(List<Cell> cells) {
    for (Cell cell : cells) {
      cell.samples()
          .forEach(value -> samples.add(cell.name(), cell.parameters(), cell.unit(), value));
    }
    for (Cell none : cells) {
      for (Cell cell : cells) {
        boolean same =
            Objects.equals(none.parameters().get("contender"), cell.parameters().get("contender"));
        boolean nobody = NOBODY.equals(none.parameters().get("contender"));
        if (cell.name().equals(none.name())
            && !cell.equals(none)
            && (nobody || same)
            && PathCluster.NONE.title().equals(none.parameters().get("selected by"))) {
          boolean rate = cell.name().equals("throughput");
          double ratio = cell.percentile(50) / none.percentile(50);
          Map<String, String> parameters = new TreeMap<>(cell.parameters());
          parameters.put("since", nobody ? "no table" : "no policies");
          samples.add(cell.name() + "-ratio", parameters, "x", rate ? 1 / ratio : ratio);
        }
      }
    }
  }
}
