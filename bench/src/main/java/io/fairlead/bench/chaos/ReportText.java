package io.fairlead.bench.chaos;

import io.fairlead.bench.chaos.fault.FaultKind;
import io.fairlead.bench.chaos.probe.Effect;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** A report as Markdown, for people. */
final class ReportText {

  private static final int MOST_SENTENCES = 50;

  private final ChaosReport report;
  private final StringBuilder text = new StringBuilder();

  private ReportText(ChaosReport report) {
    this.report = report;
  }

  static String of(ChaosReport report) {
    ReportText text = new ReportText(report);
    text.head();
    text.broken();
    text.faults();
    text.traffic();
    text.facts();
    text.sequence();
    return text.text.toString();
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private void head() {
    ChaosOptions options = report.options();
    line(String.format(Locale.ROOT, "# Chaos: seed %d", options.seed()));
    line("");
    line(
        String.format(
            Locale.ROOT,
            "%d faults in %.0f s, %d nodes, proxy mode %s. Again: `make chaos CHAOS=\"--seed %d"
                + " --duration %ds --nodes %d --proxy-mode %s\"`.",
            report.runs().size(),
            report.seconds(report.endNanos()),
            options.nodes(),
            options.proxyMode(),
            options.seed(),
            options.duration().toSeconds(),
            options.nodes(),
            options.proxyMode()));
    line("");
  }

  private void broken() {
    List<String> broken = report.broken();
    line(String.format(Locale.ROOT, "## Promises broken: %d", broken.size()));
    line("");
    broken.stream()
        .limit(MOST_SENTENCES)
        .forEach(sentence -> line(String.format(Locale.ROOT, "- %s", sentence)));
    if (broken.size() > MOST_SENTENCES) {
      line(String.format(Locale.ROOT, "- and %d more", broken.size() - MOST_SENTENCES));
    }
    if (broken.isEmpty()) {
      line("None.");
    }
    line("");
  }

  private void faults() {
    line("## Faults");
    line("");
    line(
        "Well again: from the end of the cause until everything was as it should be, median and"
            + " longest.");
    line(
        "Effects: what became of traffic because of the fault itself, with the longest time that"
            + " one took.");
    line("");
    line("| Fault | Times | Well again (ms) | Effects |");
    line("|---|--:|--:|---|");
    for (FaultKind kind : report.options().faults()) {
      List<FaultRun> runs = report.of(kind);
      if (runs.isEmpty()) {
        line(
            String.format(
                Locale.ROOT, "| %s | 0 | | left out: %s |", kind.words(), report.skipped(kind)));
        continue;
      }
      List<Long> times =
          runs.stream().map(run -> run.convergenceNanos() / 1_000_000).sorted().toList();
      line(
          String.format(
              Locale.ROOT,
              "| %s | %d | %d, %d | %s |",
              kind.words(),
              runs.size(),
              times.get(times.size() / 2),
              times.getLast(),
              effects(runs)));
    }
    line("");
  }

  private String effects(List<FaultRun> runs) {
    List<String> parts = new ArrayList<>();
    for (Effect effect : Effect.values()) {
      long count = 0;
      long longest = 0;
      for (FaultRun run : runs) {
        List<Verdict> verdicts = report.during(run, effect);
        count += verdicts.size();
        longest = Math.max(longest, span(verdicts));
      }
      if (count > 0) {
        parts.add("%d %s (%d ms)".formatted(count, effect.words(), longest / 1_000_000));
      }
    }
    return String.join("; ", parts);
  }

  /** From the begin of the first to the end of the last. */
  private static long span(List<Verdict> verdicts) {
    long first = verdicts.stream().mapToLong(v -> v.incident().startNanos()).min().orElse(0);
    long last = verdicts.stream().mapToLong(v -> v.incident().endNanos()).max().orElse(0);
    return last - first;
  }

  private void traffic() {
    line("## Traffic");
    line("");
    line("| Probe | What it does | All well | Incidents because of a fault | Broken promises |");
    line("|---|---|--:|---|---|");
    for (ChaosReport.Traffic one : report.traffic()) {
      List<Verdict> own =
          report.verdicts().stream()
              .filter(verdict -> verdict.incident().probe().equals(one.probe()))
              .toList();
      line(
          String.format(
              Locale.ROOT,
              "| %s | %s | %d | %s | %s |",
              one.probe(),
              one.purpose(),
              one.successes(),
              counted(own.stream().filter(verdict -> !verdict.isBroken()).toList()),
              counted(own.stream().filter(Verdict::isBroken).toList())));
    }
    line("");
    line("\"All well\" counts exchanges, connections, pods attached or detached, and, of what is");
    line("denied, packets that were sent. Denied packets that arrived while somebody else had");
    line("removed the rules are incidents because of a fault; any other is a broken promise.");
    line(
        String.format(
            Locale.ROOT,
            "The machine itself stood still for half a second or more %d times.",
            report.standstills()));
    line("");
  }

  private static String counted(List<Verdict> verdicts) {
    return java.util.Arrays.stream(Effect.values())
        .map(effect -> {
          long count =
              verdicts.stream().filter(verdict -> verdict.incident().effect() == effect).count();
          return count == 0 ? "" : count + " " + effect.words();
        })
        .filter(words -> !words.isEmpty())
        .collect(Collectors.joining(", "));
  }

  private void facts() {
    line("## In the end");
    line("");
    report.facts().forEach(fact -> line(String.format(Locale.ROOT, "- %s", fact)));
    line("");
  }

  private void sequence() {
    line("## What happened");
    line("");
    line("| At (s) | What | Lasted (ms) | Well again (ms) |");
    line("|--:|---|--:|--:|");
    for (FaultRun run : report.runs()) {
      if (run.skipped().isEmpty()) {
        line(
            String.format(
                Locale.ROOT,
                "| %.1f | %s | %d | %d |",
                report.seconds(run.startNanos()),
                run.deed(),
                (run.undoneNanos() - run.startNanos()) / 1_000_000,
                run.convergenceNanos() / 1_000_000));
      }
    }
  }
}
