package io.fairlead.bench.rules;

import io.fairlead.bench.lab.Await;
import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.Node;
import io.fairlead.bench.lab.Pod;
import io.fairlead.bench.measure.ApiWriter;
import io.fairlead.bench.measure.Connection;
import io.fairlead.bench.measure.LetterServer;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import io.fairlead.dataplane.sys.NamespaceThread;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A whole agent as its users run it: how long from a write to the API server until traffic takes
 * the new way, and how much memory it takes.
 */
final class AgentBench {

  private static final double BYTES_PER_MEGABYTE = 1e6;
  private static final Duration IDLE = Duration.ofSeconds(3);
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final int MOST_WARM_UP_CHANGES = 100;
  private static final long PAUSE_MILLIS = 5;

  private final Distribution distribution;
  private final ProgressLines progress;
  private final Samples samples;

  AgentBench(Distribution distribution, ProgressLines progress, Samples samples) {
    this.distribution = distribution;
    this.progress = progress;
    this.samples = samples;
  }

  /**
   * Measures one agent.
   *
   * @param changes of the endpoint of one Service; 0 to measure only memory
   */
  void run(Backend backend, Population population, int changes)
      throws IOException, InterruptedException {
    progress.say("an API server with " + population.title());
    try (TrafficNode made = TrafficNode.create(distribution, backend.title(), population)) {
      Node node = made.node();
      Map<String, String> parameters =
          Map.of("contender", backend.title(), "population", population.title());
      node.startAgent();
      samples.addNanos("start-to-ready", parameters, node.waitReady().toNanos());
      Thread.sleep(IDLE);
      addMemory(node, "in sync", parameters);
      if (changes > 0) {
        Race race = new Race(made);
        race.run(Math.min(changes, MOST_WARM_UP_CHANGES), Map.of(), new Samples());
        progress.say(changes + " writes to the API server");
        race.run(changes, parameters, samples);
        race.end();
        Thread.sleep(IDLE);
        addMemory(node, "after the changes", parameters);
      }
      node.killAgent();
    }
  }

  private void addMemory(Node node, String when, Map<String, String> parameters)
      throws IOException {
    double megabytes = node.agent().residentBytes() / BYTES_PER_MEGABYTE;
    progress.say(String.format(Locale.ROOT, "%.0f MB resident, %s", megabytes, when));
    Map<String, String> all = new TreeMap<>(parameters);
    all.put("when", when);
    samples.add("memory", all, "MB", megabytes);
  }

  /** A client that connects without a pause, while the endpoint moves between two pods. */
  private static final class Race {

    private final TrafficNode made;
    private final Pod client;
    private final Pod[] pods;
    private final LetterServer[] servers;
    private int moves;

    Race(TrafficNode made) throws IOException, InterruptedException {
      this.made = made;
      this.client = made.addPod("client");
      this.pods = new Pod[] {made.addPod("pod-a"), made.addPod("pod-b")};
      this.servers =
          new LetterServer[] {
            LetterServer.start(pods[0].namespace(), Population.ENDPOINT_PORT, 'a'),
            LetterServer.start(pods[1].namespace(), Population.ENDPOINT_PORT, 'b')
          };
      made.moveTo(pods[0].address());
      Await.until(
          "connections reach the first endpoint",
          LIMIT,
          () -> client.namespace().call(() -> reaches(made.changedService(), 'a')));
    }

    private static boolean reaches(InetSocketAddress service, char letter) {
      try {
        return Connection.open(service).letter() == letter;
      } catch (IOException _) {
        return false;
      }
    }

    void run(int changes, Map<String, String> parameters, Samples into)
        throws IOException, InterruptedException {
      try (NamespaceThread thread = client.namespace().newThread("race")) {
        for (int i = 0; i < changes; i++) {
          move(thread, parameters, into);
          Thread.sleep(PAUSE_MILLIS);
        }
      }
    }

    private void move(NamespaceThread thread, Map<String, String> parameters, Samples into)
        throws IOException, InterruptedException {
      int to = ++moves % 2;
      AtomicInteger attempts = new AtomicInteger();
      CompletableFuture<Connection> winner = new CompletableFuture<>();
      Thread runner =
          Thread.ofVirtual().start(() -> race(thread, (char) ('a' + to), attempts, winner));
      while (attempts.get() < 2 && !winner.isDone()) {
        Thread.sleep(1); // On one processor the client needs it.
      }
      ApiWriter.Written written = made.moveTo(pods[to].address());
      Connection first = await(winner);
      runner.join();
      long accepted = made.accepted();
      into.addNanos("api-acknowledgement", parameters, written.answered() - written.sent());
      add(into, parameters, "before the write", first.end() - written.sent());
      add(into, parameters, "the server's acceptance", first.end() - accepted);
      add(into, parameters, "its acknowledgement", first.end() - written.answered());
      into.addNanos("winning-connection", parameters, first.end() - first.begin());
    }

    private static void add(
        Samples into, Map<String, String> parameters, String since, long nanos) {
      Map<String, String> all = new TreeMap<>(parameters);
      all.put("since", since);
      into.addNanos("write-to-traffic", all, nanos);
    }

    private static Connection await(CompletableFuture<Connection> winner)
        throws IOException, InterruptedException {
      try {
        return winner.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      } catch (ExecutionException | TimeoutException e) {
        throw new IOException("no connection reached the new endpoint: " + e, e);
      }
    }

    /** Connects until the endpoint with this letter answers. */
    private void race(
        NamespaceThread thread,
        char letter,
        AtomicInteger attempts,
        CompletableFuture<Connection> winner) {
      long deadline = System.nanoTime() + LIMIT.toNanos();
      try {
        thread.call(() -> {
          while (System.nanoTime() < deadline) {
            Connection connection = Connection.open(made.changedService());
            attempts.incrementAndGet();
            if (connection.letter() == letter) {
              return winner.complete(connection);
            }
          }
          throw new IOException("none of " + attempts + " connections did");
        });
      } catch (Exception e) {
        winner.completeExceptionally(e);
      }
    }

    void end() throws IOException, InterruptedException {
      for (LetterServer server : servers) {
        server.close();
      }
      client.delete();
      for (Pod pod : pods) {
        pod.delete();
      }
    }
  }
}
