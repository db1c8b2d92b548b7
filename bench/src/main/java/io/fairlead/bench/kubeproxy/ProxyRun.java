package io.fairlead.bench.kubeproxy;

import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.lab.TcpRelay;
import io.fairlead.bench.measure.ApiWriter;
import io.fairlead.bench.measure.Connection;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import io.fairlead.dataplane.sys.NamespaceThread;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * One contender on a node of its own, from its start until it has followed some changes. No other
 * contender runs meanwhile. Used once.
 */
final class ProxyRun {

  private static final double BYTES_PER_MEGABYTE = 1e6;
  private static final int MOST_WARM_UP_CHANGES = 10;
  private static final Duration CHANGE_LIMIT = Duration.ofMinutes(5);

  /** Between two looks whether something is there already. */
  private static final long LOOK_NANOS = 200_000;

  /** A look is as late as this part of the time that it took so far, at most. */
  private static final int LATENESS = 100;

  /**
   * What is done.
   *
   * @param changes of the endpoint of one Service
   * @param pauseMillis between the end of a change and the next one
   * @param readyLimit how long the first sync may take
   */
  record Plan(ProxyCluster cluster, int changes, long pauseMillis, Duration readyLimit) {}

  private final ProxyContender contender;
  private final ApiCluster api;
  private final Plan plan;
  private final ProgressLines progress;
  private final Samples samples;

  ProxyRun(
      ProxyContender contender,
      ApiCluster api,
      Plan plan,
      ProgressLines progress,
      Samples samples) {
    this.contender = contender;
    this.api = api;
    this.plan = plan;
    this.progress = progress;
    this.samples = samples;
  }

  /**
   * Runs it.
   *
   * @param folder for its files, empty
   * @throws IOException with what the contender wrote, if it fails
   */
  void run(Path folder) throws IOException, InterruptedException {
    try (ProxyNode node = ProxyNode.create();
        TcpRelay relay = relay(node.namespace())) {
      Path kubeconfig = folder.resolve("kubeconfig");
      api.kubeconfig().write(kubeconfig);
      ProxyContender.Start start =
          withHosts(
              folder, contender.prepare(new ProxyContender.Place(folder, kubeconfig, api.node())));
      Path log = folder.resolve("log");
      try (ProxyProcess process =
              ProxyProcess.start(contender.name(), node.namespace(), start, log);
          NamespaceThread client = node.client().newThread("client")) {
        measure(process, relay, client);
      }
    }
  }

  /** The API server's address, within the node's namespace. */
  private TcpRelay relay(LabNamespace node) throws IOException, InterruptedException {
    String host = api.kubeconfig().hasName() ? "127.0.0.1" : api.kubeconfig().host();
    InetAddress address = InetAddress.ofLiteral(host);
    if (!address.isLoopbackAddress()) {
      node.run("ip", "address", "add", host, "dev", "lo");
    }
    return TcpRelay.start(
        node, new InetSocketAddress(address, api.kubeconfig().port()), api.server());
  }

  /** Where the API server has a name, the contender resolves it by a file of its own. */
  private ProxyContender.Start withHosts(Path folder, ProxyContender.Start start)
      throws IOException {
    if (!api.kubeconfig().hasName()) {
      return start;
    }
    Path hosts = folder.resolve("hosts");
    Files.writeString(hosts, "127.0.0.1 localhost\n127.0.0.1 " + api.kubeconfig().host() + "\n");
    List<String> command =
        new ArrayList<>(
            List.of(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "mount --bind \"$1\" /etc/hosts && shift && exec \"$@\"",
                "sh",
                hosts.toString()));
    command.addAll(start.command());
    return new ProxyContender.Start(command, start.environment());
  }

  private void measure(ProxyProcess process, TcpRelay relay, NamespaceThread client)
      throws IOException, InterruptedException {
    long ready = awaitAll(process, client);
    samples.addNanos("start-to-ready", parameters(Map.of()), ready - process.started());
    samples.addNanos("first-sync", parameters(Map.of()), ready - relay.firstUse());
    progress.say(
        String.format(
            Locale.ROOT,
            "%s: %d Services in force %.2f s after its start",
            contender.name(),
            plan.cluster().services(),
            (ready - process.started()) / 1e9));
    process.awaitIdle();
    addMemory(process, "in sync");
    api.reconnect();
    int warmUp = Math.min(plan.changes(), MOST_WARM_UP_CHANGES);
    for (int i = 0; i < warmUp; i++) {
      move(process, client, i);
    }
    process.awaitIdle();
    double before = process.processorMillis();
    List<Double> millis = new ArrayList<>();
    for (int i = warmUp; i < warmUp + plan.changes(); i++) {
      double taken = move(process, client, i) / 1e6;
      millis.add(taken);
      samples.add("rule-update", parameters(Map.of("change", "endpoint replaced")), "ms", taken);
    }
    process.awaitIdle();
    samples.add(
        "processor",
        parameters(Map.of("change", "endpoint replaced")),
        "ms",
        (process.processorMillis() - before) / plan.changes());
    addMemory(process, "after the changes");
    progress.say(
        String.format(
            Locale.ROOT,
            "%s: a change took %.1f ms, the median of %d",
            contender.name(),
            millis.stream().sorted().toList().get(millis.size() / 2),
            millis.size()));
    // The next contender begins with the same endpoints.
    api.move(plan.cluster().changed(), ProxyNode.FIRST);
  }

  private Map<String, String> parameters(Map<String, String> more) {
    Map<String, String> all = new TreeMap<>(more);
    all.put("contender", contender.name());
    all.put("services", Integer.toString(plan.cluster().services()));
    all.put("endpoints", Integer.toString(plan.cluster().endpoints()));
    return all;
  }

  private void addMemory(ProxyProcess process, String when) throws IOException {
    samples.add(
        "memory",
        parameters(Map.of("what", "resident", "when", when)),
        "MB",
        process.residentBytes() / BYTES_PER_MEGABYTE);
  }

  private static InetSocketAddress at(String address) {
    return new InetSocketAddress(InetAddress.ofLiteral(address), ProxyCluster.SERVICE_PORT);
  }

  /** Waits until every Service that has an answer gives it, and returns when that was. */
  private long awaitAll(ProxyProcess process, NamespaceThread client)
      throws IOException, InterruptedException {
    for (Map.Entry<Integer, String> probe : api.probes().entrySet()) {
      while (!answers(client, probe.getValue())) {
        process.requireRunning();
        long elapsed = System.nanoTime() - process.started();
        if (elapsed > plan.readyLimit().toNanos()) {
          throw new IOException(
              contender.name()
                  + " did not serve "
                  + ProxyCluster.name(probe.getKey())
                  + " within "
                  + plan.readyLimit().toSeconds()
                  + " s"
                  + process.said());
        }
        pause(elapsed);
      }
    }
    return System.nanoTime();
  }

  private static void pause(long elapsed) throws InterruptedException {
    LockSupport.parkNanos(Math.max(LOOK_NANOS, elapsed / LATENESS));
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private static boolean answers(NamespaceThread client, String address)
      throws IOException, InterruptedException {
    try {
      return client.call(() -> Connection.open(at(address)).letter() > 0);
    } catch (IOException _) {
      return false;
    } catch (InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("the client failed", e);
    }
  }

  /**
   * Gives the Service that changes its other endpoint.
   *
   * @return nanoseconds from before the write until a connection was answered by that
   */
  private long move(ProxyProcess process, NamespaceThread client, int number)
      throws IOException, InterruptedException {
    Thread.sleep(plan.pauseMillis());
    char letter = number % 2 == 0 ? 'b' : 'a';
    int service = plan.cluster().changed();
    InetSocketAddress address = at(String.valueOf(api.probes().get(service)));
    AtomicInteger attempts = new AtomicInteger();
    AtomicLong written = new AtomicLong();
    CompletableFuture<Connection> winner = new CompletableFuture<>();
    Thread runner =
        Thread.ofVirtual().start(() -> race(client, address, letter, attempts, written, winner));
    try {
      while (attempts.get() < 2 && !winner.isDone()) {
        Thread.sleep(1); // On one processor the client needs it.
      }
      written.set(System.nanoTime());
      ApiWriter.Written write =
          api.move(service, letter == 'b' ? ProxyNode.SECOND : ProxyNode.FIRST);
      return winner.get(CHANGE_LIMIT.toMillis(), TimeUnit.MILLISECONDS).end() - write.sent();
    } catch (ExecutionException | TimeoutException e) {
      process.requireRunning();
      throw new IOException(
          contender.name()
              + " did not let a connection reach the new endpoint within "
              + CHANGE_LIMIT.toSeconds()
              + " s"
              + process.said(),
          e);
    } finally {
      winner.cancel(false);
      runner.join();
    }
  }

  /**
   * Connects until the endpoint with this letter answers, at first without pauses that matter, then
   * with pauses that are a hundredth of the time it takes: a client that never rests would take the
   * processor from whom it waits for.
   */
  private static void race(
      NamespaceThread client,
      InetSocketAddress address,
      char letter,
      AtomicInteger attempts,
      AtomicLong written,
      CompletableFuture<Connection> winner) {
    try {
      client.call(() -> {
        while (!winner.isDone()) {
          try {
            Connection connection = Connection.open(address);
            if (connection.letter() == letter) {
              return winner.complete(connection);
            }
          } catch (IOException _) {
            // The rules may be between two states; the next connection will tell.
          }
          attempts.incrementAndGet();
          long since = written.get();
          LockSupport.parkNanos(since == 0 ? LOOK_NANOS : (System.nanoTime() - since) / LATENESS);
        }
        return false;
      });
    } catch (Exception e) {
      winner.completeExceptionally(e);
    }
  }
}
