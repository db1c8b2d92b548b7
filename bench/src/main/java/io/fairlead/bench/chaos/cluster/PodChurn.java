package io.fairlead.bench.chaos.cluster;

import io.fairlead.bench.api.ApiResource;
import io.fairlead.bench.chaos.probe.Effect;
import io.fairlead.bench.chaos.probe.Listening;
import io.fairlead.bench.chaos.probe.ProbeLog;
import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.lab.Node;
import io.fairlead.bench.lab.Pod;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Attaches pods to a node and detaches them, one after the other, until it is closed. Every second
 * one may not send to anybody, and does so from before it has an interface.
 */
public final class PodChurn implements AutoCloseable {

  private static final int MOST = 4;
  private static final int LONGEST_PAUSE_MILLISECONDS = 700;

  private final ChaosCluster cluster;
  private final Node node;
  private final List<InetSocketAddress> sinks;
  private final ProbeLog log;
  private final ProbeLog newcomers;
  private final RandomGenerator random;
  private final Map<String, Listening.Sender> senders = new HashMap<>();
  private final Thread thread;
  private volatile boolean going = true;

  /**
   * @param sinks where newcomers send to
   * @param log of attaching and detaching
   * @param newcomers of what they send
   */
  public PodChurn(
      ChaosCluster cluster,
      Node node,
      List<InetSocketAddress> sinks,
      ProbeLog log,
      ProbeLog newcomers,
      long seed) {
    this.cluster = cluster;
    this.node = node;
    this.sinks = List.copyOf(sinks);
    this.log = log;
    this.newcomers = newcomers;
    this.random = new SplittableRandom(seed);
    this.thread = Thread.ofPlatform().daemon().name("churn-" + node.name()).unstarted(this::run);
  }

  /** Begins; returns this. */
  public PodChurn start() {
    thread.start();
    return this;
  }

  private void run() {
    try {
      for (int number = 0; going; number++) {
        add(number);
        while (going && cluster.churned().count(node) > random.nextInt(MOST)) {
          remove();
        }
        Thread.sleep(random.nextInt(LONGEST_PAUSE_MILLISECONDS));
      }
      while (cluster.churned().count(node) > 0) {
        remove();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new IllegalStateException("pods of " + node.name() + " cannot come and go", e);
    }
  }

  private void add(int number) throws IOException, InterruptedException {
    boolean newcomer = number % 2 == 0;
    String name = "pod-" + node.name() + "-" + number;
    LabNamespace namespace = LabNamespace.create(name);
    if (newcomer) {
      InetSocketAddress sink = sinks.get(random.nextInt(sinks.size()));
      senders.put(name, Listening.Sender.start(namespace, sink, newcomers));
    }
    long start = System.nanoTime();
    try {
      cluster
          .churned()
          .add(cluster.addPod(node, name, newcomer ? "newcomer" : "passer-by", namespace));
      log.success(start);
    } catch (IOException e) {
      close(name);
      log.incident(Effect.NOT_ADDED, start, System.nanoTime(), String.valueOf(e.getMessage()));
    }
  }

  private void remove() throws InterruptedException {
    Pod pod = cluster.churned().take(node).orElse(null);
    if (pod == null) {
      return;
    }
    long start = System.nanoTime();
    try {
      close(pod.name());
      cluster.delete(ApiResource.PODS, pod.name());
      pod.delete();
      log.success(start);
    } catch (IOException e) {
      log.incident(Effect.NOT_DELETED, start, System.nanoTime(), String.valueOf(e.getMessage()));
    }
  }

  private void close(String pod) {
    Listening.Sender sender = senders.remove(pod);
    if (sender != null) {
      sender.close();
    }
  }

  /** Ends when all of its pods are detached. */
  @Override
  public void close() {
    going = false;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
