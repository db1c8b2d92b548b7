package io.fairlead.bench.datapath;

import io.fairlead.bench.datapath.TrafficPath.Figure;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * Measures paths in turns, in an order that rotates: of each a few connections, round trips and
 * datagrams, and some bulk.
 */
final class PathMeter {

  private static final double NANOS_PER_MICRO = 1e3;
  private static final double BITS_PER_GIGABIT = 1e9;

  /** So many of each, in a turn. */
  private static final int BATCH = 20;

  /** Latencies take turns more often than bulk does, since their turns are short. */
  private static final int TURNS_PER_ROUND = 5;

  private static final int FIRST_DATAGRAMS = 10;
  private static final int WARM_UP_ROUNDS = 2;

  /** How long bulk is sent for one sample. */
  private static final long BULK_NANOS = 100_000_000;

  private final int rounds;
  private final ProgressLines progress;

  /**
   * A meter.
   *
   * @param rounds at least 1; each has 100 samples of a latency, and one of throughput
   */
  PathMeter(int rounds, ProgressLines progress) {
    this.rounds = rounds;
    this.progress = progress;
  }

  /** Adds the samples of all paths. */
  void run(List<TrafficPath> paths, Samples into) throws IOException, InterruptedException {
    List<TrafficPath> order = new ArrayList<>(paths);
    Samples warmUp = new Samples();
    for (int i = 0; i < Math.min(rounds, WARM_UP_ROUNDS); i++) {
      latencies(order, warmUp);
    }
    progress.say(rounds + " rounds through " + paths.size() + " paths");
    for (int round = 0; round < rounds; round++) {
      for (int turn = 0; turn < TURNS_PER_ROUND; turn++) {
        latencies(order, into);
        Collections.rotate(order, 1);
      }
      for (TrafficPath path : order) {
        if (path.figures().contains(Figure.THROUGHPUT)) {
          double bits = call(path, () -> PathClient.send(path.to(), BULK_NANOS));
          into.add("throughput", path.parameters(), "Gbit/s", bits / BITS_PER_GIGABIT);
        }
      }
    }
  }

  private static void latencies(List<TrafficPath> paths, Samples into)
      throws IOException, InterruptedException {
    for (TrafficPath path : paths) {
      for (Figure figure : Figure.values()) {
        if (path.figures().contains(figure)) {
          latencies(path, figure, into);
        }
      }
    }
  }

  private static void latencies(TrafficPath path, Figure figure, Samples into)
      throws IOException, InterruptedException {
    switch (figure) {
      case CONNECT ->
          add(
              into,
              "connect-latency",
              path.parameters(),
              call(path, () -> PathClient.connect(path.to(), BATCH)));
      case ROUND_TRIP ->
          add(
              into,
              "round-trip",
              with(path, "tcp", "established"),
              call(path, () -> PathClient.roundTrips(path.to(), BATCH)));
      case DATAGRAM -> {
        long[] first = new long[FIRST_DATAGRAMS];
        for (int i = 0; i < first.length; i++) {
          first[i] = call(path, () -> PathClient.datagrams(path.to(), 1))[0];
        }
        add(into, "round-trip", with(path, "udp", "first"), first);
        long[] times = call(path, () -> PathClient.datagrams(path.to(), 1 + BATCH));
        long[] later = Arrays.copyOfRange(times, 1, times.length);
        add(into, "round-trip", with(path, "udp", "established"), later);
      }
      case THROUGHPUT -> {
        // Not a latency.
      }
    }
  }

  private static Map<String, String> with(TrafficPath path, String protocol, String packet) {
    Map<String, String> parameters = new HashMap<>(path.parameters());
    parameters.put("protocol", protocol);
    parameters.put("packet", packet);
    return parameters;
  }

  private static void add(Samples into, String name, Map<String, String> parameters, long[] nanos) {
    for (long time : nanos) {
      into.add(name, parameters, "us", time / NANOS_PER_MICRO);
    }
  }

  /** On the client's thread; a failure names the path. */
  private static <T> T call(TrafficPath path, Callable<T> work)
      throws IOException, InterruptedException {
    try {
      return path.client().call(work);
    } catch (IOException e) {
      throw new IOException(path.parameters() + ": " + e.getMessage(), e);
    }
  }
}
