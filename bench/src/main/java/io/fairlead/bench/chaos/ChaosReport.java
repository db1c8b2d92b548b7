package io.fairlead.bench.chaos;

import io.fairlead.bench.chaos.fault.FaultKind;
import io.fairlead.bench.chaos.probe.Effect;
import java.util.ArrayList;
import java.util.List;

/**
 * How a run went.
 *
 * @param startNanos of the faults, by System.nanoTime
 * @param runs in their order
 * @param standstills how often the machine itself stood still
 * @param facts what was found in the end, as sentences
 * @param failures promises that were broken, other than by incidents, as sentences
 */
public record ChaosReport(
    ChaosOptions options,
    long startNanos,
    long endNanos,
    List<FaultRun> runs,
    List<Traffic> traffic,
    List<Verdict> verdicts,
    int standstills,
    List<String> facts,
    List<String> failures) {

  public ChaosReport {
    runs = List.copyOf(runs);
    traffic = List.copyOf(traffic);
    verdicts = List.copyOf(verdicts);
    facts = List.copyOf(facts);
    failures = List.copyOf(failures);
  }

  /**
   * What a probe did.
   *
   * @param successes exchanges, connections, packets sent that must not arrive, or pods
   * @param unlisted incidents that were too many to be told one by one
   */
  public record Traffic(String probe, String purpose, long successes, long unlisted) {}

  /** Runs of a kind that were not skipped. */
  List<FaultRun> of(FaultKind kind) {
    return runs.stream()
        .filter(run -> run.step().kind() == kind && run.skipped().isEmpty())
        .toList();
  }

  /** Why the kind was skipped; empty if it never was. */
  String skipped(FaultKind kind) {
    return runs.stream()
        .filter(run -> run.step().kind() == kind)
        .map(FaultRun::skipped)
        .filter(reason -> !reason.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** Verdicts of an effect during a run. */
  List<Verdict> during(FaultRun run, Effect effect) {
    return verdicts.stream()
        .filter(
            verdict -> verdict.incident().effect() == effect && run.overlaps(verdict.incident()))
        .toList();
  }

  /** Every promise that was broken, as sentences; empty if all were kept. */
  public List<String> broken() {
    List<String> sentences = new ArrayList<>(failures);
    for (Verdict verdict : verdicts) {
      if (verdict.isBroken()) {
        sentences.add(sentence(verdict));
      }
    }
    for (Traffic one : traffic) {
      if (one.successes() == 0) {
        sentences.add("the probe " + one.probe() + " never did anything");
      }
      if (one.unlisted() > 0) {
        sentences.add(one.unlisted() + " incidents of " + one.probe() + " were too many to judge");
      }
    }
    return sentences;
  }

  private String sentence(Verdict verdict) {
    FaultRun last = null;
    for (FaultRun run : runs) {
      if (run.skipped().isEmpty() && run.startNanos() <= verdict.incident().endNanos()) {
        last = run;
      }
    }
    return "%s at %.1f s: %s for %d ms (%s); the last fault before: %s"
        .formatted(
            verdict.incident().probe(),
            seconds(verdict.incident().startNanos()),
            verdict.incident().effect().words(),
            verdict.incident().nanos() / 1_000_000,
            verdict.incident().words(),
            last == null
                ? "none"
                : "%s at %.1f s".formatted(last.deed(), seconds(last.startNanos())));
  }

  /** Since the first fault could happen. */
  double seconds(long nanos) {
    return (nanos - startNanos) / 1e9;
  }
}
