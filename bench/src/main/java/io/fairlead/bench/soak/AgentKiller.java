package io.fairlead.bench.soak;

import io.fairlead.bench.lab.Node;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * Kills the agent at random moments, now and then while it starts, and starts it again a little
 * later. Alone in using the node's agent while it runs.
 */
final class AgentKiller implements Runnable {

  private static final int SHORTEST_LIFE_MILLISECONDS = 500;
  private static final int FIRST_LIFE_MILLISECONDS = 1200;
  private static final int LONGEST_LIFE_MILLISECONDS = 6000;

  private final Node node;
  private final RandomGenerator random;
  private final Tally tally;
  private final AtomicBoolean end;

  /**
   * @param end when true, the killer stops with an agent that is ready
   */
  AgentKiller(Node node, RandomGenerator random, Tally tally, AtomicBoolean end) {
    this.node = node;
    this.random = random;
    this.tally = tally;
    this.end = end;
  }

  @Override
  public void run() {
    try {
      // The first life is short, so that the shortest soak has an end of one.
      int shortest = FIRST_LIFE_MILLISECONDS / 4;
      int longest = FIRST_LIFE_MILLISECONDS;
      while (!end.get()) {
        pause(random.nextInt(shortest, longest));
        if (end.get()) {
          return;
        }
        kill(Tally.Event.AGENT_KILLED);
        if (random.nextInt(4) == 0) {
          node.startAgent();
          pause(random.nextInt(1, 1200));
          kill(Tally.Event.AGENT_KILLED_WHILE_STARTING);
        }
        node.startAgent();
        // On a slow machine it lives longer, too, so that pods are attached at all.
        shortest = SHORTEST_LIFE_MILLISECONDS;
        longest = LONGEST_LIFE_MILLISECONDS + 2 * (int) node.waitReady().toMillis();
      }
    } catch (IOException e) {
      throw new IllegalStateException("the agent cannot be killed or started", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void kill(Tally.Event event) throws IOException, InterruptedException {
    node.killAgent();
    tally.count(event);
    pause(random.nextInt(300));
  }

  /** Ends early once the soak is over. */
  private void pause(int milliseconds) throws InterruptedException {
    long until = System.nanoTime() + milliseconds * 1_000_000L;
    while (!end.get() && System.nanoTime() < until) {
      Thread.sleep(Math.min(10, milliseconds));
    }
  }
}
