package io.fairlead.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.server.VerifyReport;
import io.fairlead.agent.server.VerifyReport.Part;
import io.fairlead.dataplane.evidence.Difference;
import io.fairlead.dataplane.evidence.ForeignHook;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VerifyTextTest {

  private static final Part RIGHT =
      new Part("services", Map.of("rules", 80, "chains", 24), List.of(), "");

  private static Part missing(int count) {
    List<Difference> differences =
        IntStream.range(0, count)
            .mapToObj(i -> Difference.missing("table main", "10.244." + i + ".0/24 dev x"))
            .toList();
    return new Part("overlay", Map.of("routes", 2), differences, "");
  }

  @Test
  void aLineForEachSubsystemAndThenTheDifferences() {
    VerifyReport report =
        new VerifyReport(
            List.of(
                RIGHT,
                new Part(
                    "overlay",
                    Map.of("routes", 2),
                    List.of(
                        Difference.different("links", "x mtu 1450", "x mtu 1300"),
                        Difference.extra("addresses of x", "10.244.9.9/24 dev x")),
                    ""),
                new Part("pods", Map.of(), List.of(), "the link fairlead0 is not a bridge")),
            List.of());
    assertThat(VerifyText.of(report, false))
        .isEqualTo(
            """
            The kernel is not as the agent wants it: 2 differences.

            SUBSYSTEM  RESULT    RIGHT  OBJECTS
            services   right     104    24 chains, 80 rules
            overlay    2 differ  2      2 routes
            pods       unknown   0      -

            overlay:
              different in links
                wanted: x mtu 1450
                found:  x mtu 1300
              extra in addresses of x
                found:  10.244.9.9/24 dev x

            pods could not be compared: the link fairlead0 is not a bridge
            """);
    assertThat(report.hasDrift()).isTrue();
    assertThat(report.hasProblems()).isTrue();
  }

  @Test
  void manyDifferencesAreShownWhenTheyAreAskedFor() {
    VerifyReport report = new VerifyReport(List.of(missing(60)), List.of());
    assertThat(VerifyText.of(report, false))
        .contains("and 10 more; -o wide or -o json shows all")
        .doesNotContain("10.244.50.0/24");
    assertThat(VerifyText.of(report, true)).contains("10.244.59.0/24").doesNotContain("more;");
  }

  @Test
  void hooksOfOthersAreNoDrift() {
    VerifyReport report =
        new VerifyReport(
            List.of(RIGHT),
            List.of(
                new ForeignHook(
                    "docker",
                    "ip",
                    "ip filter",
                    "FORWARD",
                    "filter",
                    "forward",
                    0,
                    "drop",
                    "It drops packets")));
    assertThat(report.hasDrift()).isFalse();
    assertThat(VerifyText.of(report, false))
        .endsWith(
            """

            Chains of others that see the same packets (no drift):
            HOOK     PRIORITY  TYPE    TABLE      CHAIN    POLICY  PROGRAM
            forward  0         filter  ip filter  FORWARD  drop    docker
            ip filter FORWARD: It drops packets.
            """);
  }

  @Test
  void aRepairTellsOfBothUnlessThereWasNothingToMend() {
    VerifyReport clean = new VerifyReport(List.of(RIGHT), List.of());
    VerifyReport drift = new VerifyReport(List.of(missing(1)), List.of());
    assertThat(VerifyText.of(new VerifyReport.Repaired(drift, clean), false))
        .contains("1 differs")
        .contains("After the repair:")
        .endsWith("24 chains, 80 rules\n");
    assertThat(VerifyText.of(new VerifyReport.Repaired(clean, clean), false))
        .doesNotContain("After");
  }
}
