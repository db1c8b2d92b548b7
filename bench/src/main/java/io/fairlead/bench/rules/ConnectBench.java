package io.fairlead.bench.rules;

import io.fairlead.bench.measure.Connection;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * What a new connection through a Service costs, with one Service and with many. All nodes take
 * turns in an order that rotates, a few connections at a time.
 */
final class ConnectBench {

  private static final String ENDPOINT = "floor: a connection to the endpoint";
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

  /** What is connected to on a node, and how it is called. */
  private record Side(
      ContenderNode node, String contender, Population population, InetSocketAddress to) {}

  void run(Population population) throws IOException, InterruptedException {
    List<Entrant> entrants = new ArrayList<>(Entrant.backends(options.backends()));
    if (options.rivals()) {
      entrants.addAll(Entrant.connectingRivals(options.backends()));
    }
    try (Resources open = new Resources()) {
      List<Side> sides = new ArrayList<>();
      for (Entrant entrant : entrants) {
        Population many = options.population(entrant.rival(), population);
        for (int services : new int[] {1, many.services()}) {
          Population own = new Population(services, population.endpoints());
          ContenderNode node = open.add(ContenderNode.create(entrant, own));
          progress.say(node.contender() + ": " + own.title() + " on a node");
          int middle = services / 2;
          sides.add(new Side(node, node.contender(), own, Watch.service(middle)));
          if (!entrant.rival()) {
            sides.add(new Side(node, ENDPOINT, own, Watch.endpoint(own, middle)));
          }
        }
      }
      connect(sides, WARM_UP_BATCHES, new Samples());
      progress.say(BATCH * BATCHES + " connections through each node");
      connect(sides, BATCHES, samples);
    }
  }

  private static void connect(List<Side> sides, int batches, Samples into)
      throws IOException, InterruptedException {
    List<Side> order = new ArrayList<>(sides);
    for (int i = 0; i < batches; i++) {
      for (Side side : order) {
        Map<String, String> parameters = side.population().parameters(side.contender());
        for (Connection connection : side.node().connect(side.to(), BATCH)) {
          long nanos = connection.connected() - connection.begin();
          into.add("connect-latency", parameters, "us", nanos / NANOS_PER_MICRO);
        }
      }
      Collections.rotate(order, 1);
    }
  }
}
