package io.fairlead.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.history.ChangesReport;
import io.fairlead.agent.history.RoundReport;
import io.fairlead.agent.server.FlowReport;
import io.fairlead.agent.server.FlowReport.End;
import io.fairlead.agent.server.Json;
import io.fairlead.agent.server.MonitorReport;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Rounds, flows and events as people read them. */
class FollowTextsTest {

  private static final ZoneId UTC = ZoneOffset.UTC;
  private static final String TIME = "2026-01-02T03:04:05.678Z";

  private static RoundReport round(List<String> operations, String result, long latency) {
    return new RoundReport(
        1,
        TIME,
        latency < 0
            ? List.of()
            : List.of(new RoundReport.Event("Service", "default/web", "changed", "a.yaml:1", "")),
        0,
        latency,
        latency < 0 ? List.of("the table was changed by someone else: process 4 (nft)") : List.of(),
        operations.isEmpty()
            ? List.of()
            : List.of(new RoundReport.Step("services", operations, 3, 850, result)));
  }

  @Test
  @DisplayName("a round: what changed, how long it took, what was done")
  void rounds() {
    ChangesText text = new ChangesText(false, false, UTC);
    assertThat(text.one(round(List.of("add x", "add y"), "done", 1234)))
        .isEqualTo(
            """
            03:04:05.678  Service default/web changed [a.yaml:1]  (committed after 1.2 ms)
                services, 850 µs: done
                  add x
                  add y
                  and 3 that are not kept
            """);
    assertThat(text.one(round(List.of(), "done", 12)))
        .endsWith("(committed after 12 µs)\n    nothing had to be done in the kernel\n");
    assertThat(text.one(round(Collections.nCopies(20, "add x"), "done", -1)))
        .startsWith("03:04:05.678  the table was changed by someone else: process 4 (nft)\n")
        .endsWith("      and 17 more: -o wide\n");
    assertThat(
            new ChangesText(true, true, UTC)
                .one(round(Collections.nCopies(20, "add x"), "refused; it is retried", 1)))
        .contains("\u001b[31mrefused; it is retried\u001b[0m")
        .endsWith("      and 3 that are not kept\n");
  }

  @Test
  @DisplayName("no rounds: whether there were any is told")
  void noRounds() {
    ChangesText text = new ChangesText(false, false, UTC);
    assertThat(text.of(new ChangesReport("n", List.of(), 0))).isEqualTo("Nothing was changed.\n");
    assertThat(text.of(new ChangesReport("n", List.of(), 7))).contains("7 rounds are forgotten");
  }

  private static FlowReport flow(String verdict, String dialled) {
    return new FlowReport(
        TIME,
        verdict,
        verdict.equals(FlowReport.DENIED) ? "ingress" : "",
        new End("10.244.1.2", 4000, "default/a"),
        new End("10.244.1.3", 80, "default/web-1"),
        dialled.isEmpty() ? "" : "default/web",
        dialled,
        "",
        "tcp",
        List.of("default/p"),
        "a reason");
  }

  @Test
  @DisplayName("flows: a table, or a line each while following")
  void flows() {
    FlowsText text = new FlowsText(false, false, UTC);
    assertThat(text.of(List.of(flow(FlowReport.DENIED, ""))))
        .isEqualTo(
            """
            TIME          VERDICT  SOURCE                       DESTINATION                    PROTO  POLICY     REASON
            03:04:05.678  denied   10.244.1.2:4000 (default/a)  10.244.1.3:80 (default/web-1)  tcp    default/p  a reason
            """);
    assertThat(text.of(List.of())).isEqualTo("No flows were denied.\n");
    assertThat(text.one(flow(FlowReport.DENIED, "")))
        .isEqualTo(
            "03:04:05.678  denied   tcp 10.244.1.2:4000 (default/a) -> 10.244.1.3:80"
                + " (default/web-1): ingress, a reason\n");
    assertThat(text.one(flow(FlowReport.ALLOWED, "10.96.0.80:80")))
        .contains("-> 10.96.0.80:80 (Service default/web) -> 10.244.1.3:80 (default/web-1)");
    assertThat(text.one(FlowReport.note(TIME, "1,234 more were not sampled")))
        .isEqualTo("03:04:05.678  … 1,234 more were not sampled\n");
  }

  @Test
  @DisplayName("what an agent of before told of denied flows is understood")
  void formerFlows() throws Exception {
    FlowReport flow =
        Json.parse(
            """
            {"time":"2026-01-02T03:04:05Z","direction":"egress","source":{"address":"10.0.0.1",
             "port":1,"pod":""},"destination":{"address":"10.0.0.2","port":2,"pod":"a/b"},
             "protocol":"udp","policies":["a/p"],"reason":"r"}
            """,
            FlowReport.class);
    assertThat(flow.verdict()).isEqualTo(FlowReport.DENIED);
    assertThat(flow.dialled()).isEmpty();
    assertThat(flow.destination()).hasToString("10.0.0.2:2 (a/b)");
  }

  @Test
  @DisplayName("events: what, what it is called, and by whom")
  void events() {
    assertThat(
            MonitorCommand.text(
                new MonitorReport(
                    TIME, "nftables", "add", "element x", "Service default/web", "fairlead"),
                UTC))
        .isEqualTo("03:04:05.678  add element x  [Service default/web]  by fairlead\n");
    assertThat(
            MonitorCommand.text(new MonitorReport(TIME, "links", "delete", "link 1", "", ""), UTC))
        .isEqualTo("03:04:05.678  delete link 1\n");
  }
}
