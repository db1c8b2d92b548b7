package io.fairlead.agent.conformance;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** STATUS. */
final class StatusObligations {

  private static final int POLLS = 21;
  private static final Duration CHEAP = Duration.ofMillis(500);

  private StatusObligations() {}

  static List<Obligation> all() {
    return List.of(
        Obligation.of(
            "status.ready",
            Obligation.STATUS,
            "STATUS succeeds, and prints nothing, where ADD does.",
            bed -> {
              bed.attach();
              status(bed).run().succeededSilently();
              return "exit 0, no output";
            }),
        Obligation.of(
            "status.alone",
            Obligation.STATUS,
            "STATUS needs no variable of an attachment.",
            bed -> {
              status(bed).with("CNI_PATH", null).run().succeededSilently();
              return "exit 0 with CNI_COMMAND alone";
            }),
        Obligation.of(
            "status.cheap",
            Obligation.STATUS,
            "STATUS is cheap, since runtimes ask every few seconds.",
            StatusObligations::cheap),
        Obligation.of(
                "status.exhausted",
                Obligation.STATUS,
                "STATUS is error 50 when no address is left for another pod.",
                bed -> {
                  bed.network(Versions.LATEST);
                  Filling.fill(bed);
                  return status(bed).run().error(50).toString();
                })
            .shows("15"),
        Obligation.of(
                "status.degraded",
                Obligation.STATUS,
                "STATUS is error 51 when pods that are attached have limited connectivity, too.",
                _ -> {
                  throw new Inapplicable(
                      "what limits connectivity is each plugin's own; nothing here breaks it");
                })
            .shows("15"),
        Obligation.of(
            "status.old-configuration",
            Obligation.STATUS,
            "STATUS with a configuration older than 1.1.0 is error 1.",
            bed -> {
              bed.network(Versions.LATEST);
              return bed.runtime().about("STATUS", bed.network("1.0.0")).run().error(1).toString();
            }));
  }

  static Call status(Testbed bed) throws Exception {
    return bed.runtime().about("STATUS", bed.network(Versions.LATEST));
  }

  private static String cheap(Testbed bed) throws Exception {
    List<Duration> times = new ArrayList<>();
    for (int i = 0; i < POLLS; i++) {
      times.add(status(bed).run().succeededSilently().duration());
    }
    times.sort(null);
    Duration median = times.get(POLLS / 2);
    Unmet.require(
        median.compareTo(CHEAP) < 0, "the median of " + POLLS + " is " + median.toMillis() + " ms");
    return "the median of " + POLLS + " is below " + (median.toMillis() + 1) + " ms";
  }
}
