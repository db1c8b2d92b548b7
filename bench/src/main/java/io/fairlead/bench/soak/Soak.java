package io.fairlead.bench.soak;

import io.fairlead.bench.lab.Await;
import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.Lab;
import io.fairlead.bench.lab.LabOptions;
import io.fairlead.bench.lab.Node;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.dataplane.sys.NamespaceThread;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Attaches and detaches pods on a node of a lab, in parallel, while the agent and the CNI binary
 * are killed, and then looks for what is left. Needs root.
 */
final class Soak {

  private static final Duration HEALING = Duration.ofSeconds(10);
  private static final long PROGRESS_SECONDS = 5;

  private final SoakOptions options;
  private final Distribution distribution;
  private final ProgressLines progress;
  private final Tally tally = new Tally();
  private final Holders holders = new Holders();

  Soak(SoakOptions options, Distribution distribution, ProgressLines progress) {
    this.options = options;
    this.distribution = distribution;
    this.progress = progress;
  }

  /**
   * Runs it all.
   *
   * @throws IOException if it cannot be carried out; residue is no reason
   */
  SoakReport run() throws IOException, InterruptedException {
    long begin = System.nanoTime();
    progress.say(options.pods() + " pods, seed " + options.seed());
    try (Lab lab = Lab.create(LabOptions.of(1), distribution)) {
      lab.startAgents();
      Node node = lab.node(1);
      node.addPod("first").delete(); // From now on there is a bridge.
      List<String> before = NodeState.of(node);
      disturb(node);
      List<String> left = awaitGone(before, node);
      progress.say(left.size() + " things are left; the agent is restarted");
      node.restartAgent();
      return new SoakReport(
          options.seed(),
          (System.nanoTime() - begin) / 1e9,
          tally.toMap(),
          holders.duplicates(),
          left,
          awaitGone(before, node));
    }
  }

  /** Gives the agent some time, and returns what is left then. */
  private static List<String> awaitGone(List<String> before, Node node)
      throws IOException, InterruptedException {
    try {
      Await.until(
          "nothing is left of pods",
          HEALING,
          () -> NodeState.added(before, NodeState.of(node)).isEmpty());
      return List.of();
    } catch (IOException e) {
      return NodeState.added(before, NodeState.of(node));
    }
  }

  private void disturb(Node node) throws IOException, InterruptedException {
    SplittableRandom random = new SplittableRandom(options.seed());
    AtomicInteger numbers = new AtomicInteger();
    AtomicBoolean end = new AtomicBoolean();
    List<NamespaceThread> threads = new ArrayList<>();
    ExecutorService executor = Executors.newCachedThreadPool();
    try {
      final Future<?> killer = executor.submit(new AgentKiller(node, random.split(), tally, end));
      List<Future<?>> runtime = new ArrayList<>();
      for (int i = 0; i < options.threads(); i++) {
        NamespaceThread thread = node.namespace().newThread("runtime-" + i);
        threads.add(thread);
        runtime.add(
            executor.submit(
                new RuntimeThread(
                    node,
                    distribution,
                    thread,
                    () -> next(numbers),
                    options.seed(),
                    random.split(),
                    tally,
                    holders)));
      }
      for (Future<?> future : runtime) {
        await(future);
      }
      end.set(true);
      await(killer);
    } finally {
      end.set(true);
      executor.shutdownNow();
      threads.forEach(NamespaceThread::close);
    }
  }

  private int next(AtomicInteger numbers) {
    return tally.of(Tally.Event.ADD_SUCCEEDED) < options.pods() ? numbers.getAndIncrement() : -1;
  }

  private void await(Future<?> future) throws IOException, InterruptedException {
    while (true) {
      try {
        future.get(PROGRESS_SECONDS, TimeUnit.SECONDS);
        return;
      } catch (TimeoutException e) {
        progress.say(
            tally.of(Tally.Event.ADD_SUCCEEDED)
                + " of "
                + options.pods()
                + " pods were attached, the agent was killed "
                + tally.of(Tally.Event.AGENT_KILLED)
                + " times, "
                + holders.duplicates().size()
                + " duplicate addresses");
      } catch (ExecutionException e) {
        throw new IOException(String.valueOf(e.getCause()), e);
      }
    }
  }
}
