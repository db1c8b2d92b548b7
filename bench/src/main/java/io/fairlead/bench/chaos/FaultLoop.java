package io.fairlead.bench.chaos;

import io.fairlead.bench.chaos.cluster.ChaosCluster;
import io.fairlead.bench.chaos.cluster.Inspection;
import io.fairlead.bench.chaos.cluster.Inspection.Beacon;
import io.fairlead.bench.chaos.fault.Fault;
import io.fairlead.bench.chaos.fault.Target;
import io.fairlead.bench.chaos.fault.UnsupportedFault;
import io.fairlead.bench.lab.Node;
import io.fairlead.bench.result.ProgressLines;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Brings faults about, one after the other, and waits after each until all is well again. */
final class FaultLoop {

  /** Longer than anything takes to be mended that is mended by itself. */
  private static final Duration CONVERGENCE = Duration.ofSeconds(60);

  private static final long PAUSE_NANOS = 50_000_000;

  private final ChaosCluster cluster;
  private final Probes probes;
  private final Inspection inspection;
  private final ProgressLines progress;
  private final List<FaultRun> runs = new ArrayList<>();

  FaultLoop(ChaosCluster cluster, Probes probes, Inspection inspection, ProgressLines progress) {
    this.cluster = cluster;
    this.probes = probes;
    this.inspection = inspection;
    this.progress = progress;
  }

  /** Everything that was done. */
  List<FaultRun> runs() {
    return List.copyOf(runs);
  }

  void run(ChaosOptions options) throws IOException, InterruptedException {
    Schedule schedule = new Schedule(options);
    long end = System.nanoTime() + options.duration().toNanos();
    while (!schedule.isRoundComplete() || System.nanoTime() < end) {
      Step step = schedule.next();
      sleep(step.pause());
      FaultRun run = run(step);
      runs.add(run);
      progress.say(line(run));
    }
  }

  private static String line(FaultRun run) {
    if (!run.skipped().isEmpty()) {
      return run.step().kind().spelling() + " is left out: " + run.skipped();
    }
    return run.deed()
        + ": well again after "
        + run.convergenceNanos() / 1_000_000
        + " ms"
        + (run.trouble().isEmpty() ? "" : "; NOT CONVERGED: " + run.trouble());
  }

  private FaultRun run(Step step) throws IOException, InterruptedException {
    Node node = cluster.lab().node(step.node());
    Target target = new Target(cluster, node, new SplittableRandom(step.seed()));
    Fault fault = step.kind().create();
    long start = System.nanoTime();
    String deed;
    try {
      deed = fault.inject(target);
    } catch (UnsupportedFault e) {
      long now = System.nanoTime();
      return new FaultRun(step, "", start, now, now, String.valueOf(e.getMessage()), "");
    }
    long holdUntil = start + step.hold().toNanos();
    if (step.killed() != 0) {
      sleep(step.hold().dividedBy(2));
      Node killed = cluster.lab().node(step.killed());
      killed.killAgent();
      killed.startAgent();
      deed += "; meanwhile kill -9 of the agent of " + killed.name();
    }
    sleep(Duration.ofNanos(Math.max(0, holdUntil - System.nanoTime())));
    fault.undo(target);
    long undone = System.nanoTime();
    String trouble = converge(undone);
    return new FaultRun(step, deed, start, undone, System.nanoTime(), "", trouble);
  }

  /** Waits until all is well since then; returns what is not after a limit, or nothing. */
  String converge(long since) throws IOException, InterruptedException {
    Beacon beacon = inspection.light();
    while (true) {
      String trouble = trouble(since, beacon);
      if (trouble.isEmpty() || System.nanoTime() - since > CONVERGENCE.toNanos()) {
        return trouble;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private String trouble(long since, Beacon beacon) throws IOException, InterruptedException {
    for (Node node : cluster.lab().nodes()) {
      String trouble = inspection.trouble(node, beacon);
      if (!trouble.isEmpty()) {
        return trouble;
      }
    }
    return probes.trouble(since);
  }

  private static void sleep(Duration duration) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(duration.toNanos());
  }
}
