package io.fairlead.bench.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.lab.Whole;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Results;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The cells of IPVS, in a kernel that has it. */
class RulesBenchIpvsWholeTest {

  private static final ProgressLines SILENT =
      new ProgressLines(
          new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8));

  @BeforeAll
  static void requireIpvs() throws Exception {
    Whole.requireKernelOf("ipvs");
  }

  private static Results run(String... arguments) throws Exception {
    Results results = new RulesBench(RulesOptions.parse(arguments), SILENT).run();
    System.out.print(results.toTable());
    return results;
  }

  @Test
  @DisplayName("first syncs and changes, of the backend, of kube-proxy's work and of ipvsadm")
  void kernel() throws Exception {
    Results results =
        run(
            "--backend",
            "ipvs",
            "--services",
            "10",
            "--changes",
            "3",
            "--what",
            "first-sync,event-to-kernel");
    assertThat(results.cells())
        .extracting(cell -> cell.name() + ", " + cell.parameters().get("contender"))
        .contains(
            "first-sync, ipvs",
            "first-sync, kube-proxy's work, ipvs",
            "first-sync, ipvsadm -R",
            "event-to-kernel, ipvs",
            "event-to-kernel, kube-proxy's work, ipvs",
            "event-to-kernel, ipvsadm -R",
            "event-to-kernel, ipvsadm, one execution per operation",
            "event-to-kernel, floor: one real server",
            "event-to-floor, ipvs");
    assertThat(results.cells())
        .filteredOn(cell -> cell.name().equals("netlink-messages"))
        .hasSize(3)
        .allSatisfy(cell -> assertThat(cell.percentile(100)).isBetween(1.0, 3.0));
  }

  @Test
  @DisplayName("connections through IPVS, and through what kube-proxy makes of it")
  void connections() throws Exception {
    Results results = run("--backend", "ipvs", "--services", "10", "--what", "connect-latency");
    assertThat(results.cells())
        .extracting(cell -> cell.name() + ", " + cell.parameters().get("contender"))
        .contains("connect-latency, ipvs", "connect-latency, kube-proxy's work, ipvs");
  }
}
