package io.fairlead.bench.report;

import io.fairlead.bench.result.Results;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What both forms of the report say.
 *
 * @param reading how to read it, in paragraphs; `code` is between backticks
 * @param machine facts of the whole run
 * @param runs a row for each measurement: its command line, duration, load and own facts
 * @param failures why measurements are missing, by their names
 */
record Report(
    String title,
    List<String> reading,
    Map<String, String> machine,
    Table runs,
    Map<String, String> failures,
    List<Section> sections) {

  private static final List<String> READING =
      List.of(
          """
          Everything in one table was measured on one machine in one run. Contenders take turns, in an order that \
          rotates, each in a network namespace of its own, so that what disturbs the machine disturbs all.\
          """,
          """
          Rivals are what their users run: Debian's packages, with the rules that kube-proxy, kube-router or the \
          reference plugins write, at their best. What is left out in their favour is in `docs/benchmark.md`.\
          """,
          """
          A floor is the least that the kernel allows on this machine in this run, such as a transaction of one \
          element. "Times the floor" divides medians: 1 is the best that anyone could do.\
          """,
          """
          p50, p90 and p99 are percentiles by nearest rank, n is the number of samples; nothing is left out as an \
          outlier, and there are no averages. In a plot with rows the large mark is the median, the short line the \
          90th and the long line the 99th percentile; circles are fairlead, squares rivals, diamonds floors.\
          """,
          """
          What ran "in the lab kernel" (Linux for user mode, one processor, slow system calls) compares with nothing \
          but what ran there, too.\
          """);

  /** Facts of a measurement that have a place of their own. */
  private static final List<String> SHOWN =
      List.of("command", "seconds", "load before", "load after", Facts.FAILED);

  static Report of(Results results) {
    Facts facts = Facts.of(results.environment());
    return new Report(
        "fairlead: measured beside its rivals",
        READING,
        facts.whole(),
        runs(facts),
        facts.failures(),
        Section.of(results.cells()));
  }

  private static Table runs(Facts facts) {
    List<List<String>> rows = new ArrayList<>();
    facts
        .measurements()
        .forEach((name, own) -> {
          List<String> rest = new ArrayList<>();
          own.forEach((key, value) -> {
            if (!SHOWN.contains(key)) {
              rest.add(key + " " + value);
            }
          });
          rows.add(
              List.of(
                  name,
                  own.getOrDefault("command", ""),
                  String.join("; ", rest),
                  own.getOrDefault("seconds", ""),
                  own.getOrDefault("load before", ""),
                  own.getOrDefault("load after", "")));
        });
    return new Table(
        "Command lines, seeds and load",
        List.of(
            "measurement", "fairlead-bench ...", "with", "seconds", "load before", "load after"),
        3,
        rows);
  }
}
