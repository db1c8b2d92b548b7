package io.fairlead.bench.datapath;

import io.fairlead.bench.datapath.TrafficPath.Figure;
import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Measures from pod to pod, on one node and between two: through what the agent set up, and through
 * a bridge and a VXLAN device that were set up by hand and have nothing else in the way. Bulk is
 * iperf3's. All take turns, in an order that rotates.
 */
final class PodsBench {

  private static final String FAIRLEAD = "fairlead nftables";
  private static final int PORT = 7001;
  private static final Set<Figure> LATENCIES =
      Set.of(Figure.CONNECT, Figure.ROUND_TRIP, Figure.DATAGRAM);

  private final Distribution distribution;
  private final ProgressLines progress;

  PodsBench(Distribution distribution, ProgressLines progress) {
    this.distribution = distribution;
    this.progress = progress;
  }

  /** Pods of somebody's nodes, and a server in each that is asked. */
  private record Side(String near, String far, PodPair.Nodes nodes, List<PathServer> servers) {

    static Side of(String near, String far, PodPair.Nodes nodes)
        throws IOException, InterruptedException {
      Side side = new Side(near, far, nodes, new ArrayList<>());
      try {
        side.servers.add(PathServer.start(nodes.near().server(), PORT));
        side.servers.add(PathServer.start(nodes.far().server(), PORT));
        return side;
      } catch (IOException | InterruptedException e) {
        side.close();
        throw e;
      }
    }

    List<TrafficPath> paths() {
      return List.of(path(nodes.near(), nearParameters()), path(nodes.far(), farParameters()));
    }

    private static TrafficPath path(PodPair pods, Map<String, String> parameters) {
      InetAddress server = InetAddress.ofLiteral(pods.address());
      InetSocketAddress to = new InetSocketAddress(server, PORT);
      return new TrafficPath(parameters, pods.client(), to, LATENCIES);
    }

    Map<String, String> nearParameters() {
      return Map.of("contender", near, "path", "one node");
    }

    Map<String, String> farParameters() {
      return Map.of("contender", far, "path", "VXLAN");
    }

    void close() {
      servers.forEach(PathServer::close);
      nodes.close();
    }
  }

  /**
   * Takes the samples.
   *
   * @param rounds of bulk, and of latencies as {@link PathMeter} does them
   * @param seconds how long bulk is sent in a round
   * @param layers whether there are agents' nodes, too, from which one layer was taken away
   */
  void run(int rounds, int seconds, boolean layers, Samples samples)
      throws IOException, InterruptedException {
    List<Side> sides = new ArrayList<>();
    try {
      progress.say("nodes with and without agents");
      sides.add(side(FAIRLEAD, EnumSet.noneOf(Layer.class)));
      sides.add(
          Side.of(
              "floor: plain bridge", "floor: plain VXLAN device", PlainNodes.create(distribution)));
      if (layers) {
        for (Layer layer : Layer.values()) {
          progress.say("nodes without " + layer.title());
          sides.add(side(FAIRLEAD + " without " + layer.title(), EnumSet.of(layer)));
        }
        sides.add(
            side(
                FAIRLEAD + " without tables and br_netfilter",
                EnumSet.of(Layer.TABLES, Layer.BRIDGED)));
      }
      List<TrafficPath> paths = new ArrayList<>();
      sides.forEach(side -> paths.addAll(side.paths()));
      new PathMeter(rounds, progress).run(paths, samples);
      bulk(sides, rounds, seconds, samples);
    } finally {
      sides.forEach(Side::close);
    }
  }

  private Side side(String contender, Set<Layer> without) throws IOException, InterruptedException {
    return Side.of(contender, contender, AgentNodes.create(distribution, without));
  }

  private void bulk(List<Side> sides, int rounds, int seconds, Samples samples)
      throws IOException, InterruptedException {
    List<Side> order = new ArrayList<>(sides);
    for (int round = 0; round < rounds; round++) {
      progress.say("bulk, round " + (round + 1) + " of " + rounds);
      for (Side side : order) {
        add(samples, side.nearParameters(), side.nodes().near().transfer(seconds));
        add(samples, side.farParameters(), side.nodes().far().transfer(seconds));
      }
      Collections.rotate(order, 1);
    }
  }

  private static void add(
      Samples samples, Map<String, String> parameters, PodPair.Transfer transfer) {
    samples.add("throughput", parameters, "Gbit/s", transfer.gigabitsPerSecond());
    samples.add("processor-per-gigabyte", parameters, "ms", transfer.processorMillis());
  }
}
