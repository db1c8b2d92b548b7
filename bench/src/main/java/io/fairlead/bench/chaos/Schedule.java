package io.fairlead.bench.chaos;

import io.fairlead.bench.chaos.fault.FaultKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/**
 * An endless sequence of faults that follows from the options alone: first each kind once, in an
 * order of its own, then kinds by their weights. Not thread-safe.
 */
public final class Schedule {

  private static final int LONGEST_PAUSE_MILLISECONDS = 2000;

  /** What a fault takes with everything around it, about. */
  private static final Duration USUAL = Duration.ofSeconds(6);

  /** Of one fault in so many, an agent is killed meanwhile. */
  private static final int KILLED = 5;

  private final ChaosOptions options;
  private final SplittableRandom random;
  private final List<FaultKind> firstRound;
  private final double pace;
  private int steps;

  public Schedule(ChaosOptions options) {
    this.options = options;
    this.random = new SplittableRandom(options.seed());
    this.firstRound = new ArrayList<>(options.faults());
    Collections.shuffle(firstRound, new Random(options.seed()));
    Duration round = USUAL.multipliedBy(options.faults().size());
    this.pace = Math.min(1, (double) options.duration().toMillis() / round.toMillis());
  }

  /** Whether each kind had its turn. */
  public boolean isRoundComplete() {
    return steps >= firstRound.size();
  }

  /** The next fault. */
  public Step next() {
    boolean first = !isRoundComplete();
    FaultKind kind = first ? firstRound.get(steps) : weighted();
    steps++;
    int node = 1 + random.nextInt(options.nodes());
    return new Step(
        kind,
        scaled(random.nextInt(LONGEST_PAUSE_MILLISECONDS)),
        scaled(random.nextInt((int) kind.shortest().toMillis(), (int) kind.longest().toMillis())),
        node,
        killed(kind, node, first),
        random.nextLong());
  }

  private FaultKind weighted() {
    int sum = options.faults().stream().mapToInt(FaultKind::weight).sum();
    int place = random.nextInt(sum);
    for (FaultKind kind : options.faults()) {
      place -= kind.weight();
      if (place < 0) {
        return kind;
      }
    }
    throw new IllegalStateException("weights are positive");
  }

  /** Never the agent that the fault itself kills or pauses. */
  private int killed(FaultKind kind, int node, boolean first) {
    boolean wanted = random.nextInt(KILLED) == 0;
    if (first || !wanted || !options.faults().contains(FaultKind.AGENT_KILLED)) {
      return 0;
    }
    return switch (kind) {
      case AGENT_KILLED, AGENT_PAUSED, DISK_FULL -> node == 1 ? 2 : 1;
      default -> 1 + random.nextInt(options.nodes());
    };
  }

  private Duration scaled(int milliseconds) {
    return Duration.ofMillis((long) (milliseconds * pace));
  }
}
