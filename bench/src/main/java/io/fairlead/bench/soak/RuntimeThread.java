package io.fairlead.bench.soak;

import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.Node;
import io.fairlead.bench.soak.Tally.Event;
import io.fairlead.dataplane.sys.NamespaceThread;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.random.RandomGenerator;

/**
 * A thread of a container runtime that behaves as containerd does: a failed ADD is followed by one
 * DEL, whatever comes of it; a pod that ran is detached by as many DELs as it takes, at times after
 * its namespace has gone. Now and then a pod is lost without any DEL.
 */
final class RuntimeThread implements Runnable {

  private static final int MOST_RUNNING = 6;
  private static final int FIRST_PAUSE_MILLISECONDS = 50;
  private static final int LONGEST_PAUSE_MILLISECONDS = 3000;

  private final PluginProcess plugin;
  private final IntSupplier numbers;
  private final long seed;
  private final RandomGenerator random;
  private final Tally tally;
  private final Holders holders;
  private final List<SoakPod> running = new ArrayList<>();
  private int pause = FIRST_PAUSE_MILLISECONDS;

  /**
   * @param numbers of new pods, negative when there are enough
   * @param thread in the node's namespace, for this alone
   */
  RuntimeThread(
      Node node,
      Distribution distribution,
      NamespaceThread thread,
      IntSupplier numbers,
      long seed,
      RandomGenerator random,
      Tally tally,
      Holders holders) {
    this.plugin = new PluginProcess(node, distribution.cniPlugin(), thread, random);
    this.numbers = numbers;
    this.seed = seed;
    this.random = random;
    this.tally = tally;
    this.holders = holders;
  }

  @Override
  public void run() {
    try {
      for (int number = numbers.getAsInt(); number >= 0; number = numbers.getAsInt()) {
        start(SoakPod.create(number, seed));
        while (running.size() > random.nextInt(MOST_RUNNING + 1)) {
          end(running.remove(random.nextInt(running.size())));
        }
      }
      while (!running.isEmpty()) {
        end(running.removeLast());
      }
    } catch (IOException e) {
      throw new IllegalStateException("the runtime cannot go on", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void start(SoakPod pod) throws IOException, InterruptedException {
    PluginProcess.Outcome outcome = plugin.execute("ADD", pod, true);
    // Also of one that failed: what it left there must not be another's.
    for (String address : pod.addresses()) {
      holders.take(address, pod.name());
    }
    switch (outcome) {
      case SUCCEEDED -> {
        tally.count(Event.ADD_SUCCEEDED);
        pause = FIRST_PAUSE_MILLISECONDS;
        running.add(pod);
      }
      case FAILED, KILLED -> {
        tally.count(outcome == PluginProcess.Outcome.FAILED ? Event.ADD_FAILED : Event.ADD_KILLED);
        delete(pod, true);
        pod.close();
        // As a kubelet, which waits longer from one failure to the next.
        Thread.sleep(random.nextInt(pause));
        pause = Math.min(2 * pause, LONGEST_PAUSE_MILLISECONDS);
      }
    }
  }

  private void end(SoakPod pod) throws IOException, InterruptedException {
    if (random.nextInt(50) == 0) {
      tally.count(Event.PODS_LOST_WITHOUT_DEL);
      holders.release(pod.name());
      pod.close();
      return;
    }
    boolean late = random.nextInt(10) == 0;
    if (late) {
      holders.release(pod.name());
      pod.close();
    }
    while (!delete(pod, !late || random.nextBoolean())) {
      Thread.sleep(random.nextInt(100));
    }
    pod.close();
  }

  private boolean delete(SoakPod pod, boolean namespace) throws IOException, InterruptedException {
    holders.release(pod.name());
    return switch (plugin.execute("DEL", pod, namespace)) {
      case SUCCEEDED -> {
        tally.count(Event.DEL_SUCCEEDED);
        yield true;
      }
      case FAILED -> {
        tally.count(Event.DEL_FAILED);
        yield false;
      }
      case KILLED -> {
        tally.count(Event.DEL_KILLED);
        yield false;
      }
    };
  }
}
