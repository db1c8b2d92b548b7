package io.fairlead.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.loop.LoopStatus;
import io.fairlead.agent.loop.QueueStatus;
import io.fairlead.agent.loop.SubsystemStatus;
import io.fairlead.agent.preflight.KernelFeature;
import io.fairlead.agent.preflight.KernelFeature.State;
import io.fairlead.agent.server.StatusReport;
import io.fairlead.agent.source.SkippedObject;
import io.fairlead.agent.source.SourceStatus;
import io.fairlead.agent.source.SourceStatus.Watch;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class StatusTextTest {

  private static final QueueStatus.Changes NONE = new QueueStatus.Changes(0, 0);

  private static final StatusReport REPORT =
      new StatusReport(
          "1.0",
          "node-a",
          7_200_000,
          "vxlan",
          "nftables",
          List.of(),
          new SourceStatus(
              "https://api",
              true,
              null,
              9000,
              List.of(new Watch("services", 1000, null), new Watch("nodes", 9000, "it is away"))),
          new LoopStatus(
              true,
              1,
              2,
              3,
              0,
              0,
              0,
              4,
              5,
              6,
              0,
              List.of(
                  new SubsystemStatus(
                      "services",
                      "refused",
                      1,
                      2,
                      30_000,
                      6000,
                      9,
                      Map.of("backend", "nftables")))),
          new QueueStatus(NONE, NONE, NONE, NONE, NONE, NONE, 0, 0, 250),
          List.of(new SkippedObject("Service", "default/odd", "no such type")),
          List.of(),
          100 << 20);

  private static KernelFeature feature(String name, State state) {
    return new KernelFeature(name, state, "why", "it is lost", true, "load it");
  }

  @Test
  @DisplayName("ages and lags, watches that fail, what the kernel lacks")
  void text() {
    StatusView view =
        new StatusView(
            REPORT, List.of(feature("bridge", State.FOUND), feature("vxlan", State.MISSING)));
    assertThat(StatusText.of(view, false, false))
        .isEqualTo(
            """
            node        node-a
            agent       version 1.0, up 2 h, 100 MiB resident
            health      healthy
            source      https://api, in sync, heard 9 s ago
                        nodes heard 9 s ago, failing: it is away
            objects     1 services, 2 endpointslices, 3 nodes, 0 pods, 0 namespaces, 0 networkpolicies
            changes     5 rounds, last 6 ms ago, 4 waiting, the oldest for 250 ms
            overlay     vxlan
            proxy-mode  nftables
            services    failing: refused, 1 keys to retry, 2 keys pending for 6 s, in sync 30 s ago, backend nftables
            skipped     Service default/odd: no such type
            kernel      has 1 of 2 features that are used
                        vxlan is missing: it is lost (why)
            """);
    assertThat(StatusText.of(view, true, false))
        .contains("services heard 1 s ago\n", "bridge: works\n");
  }

  @Test
  @DisplayName("for programs both are one object, which the agent's report can be read from")
  void machines() throws Exception {
    String json =
        OutputFormat.JSON.render(new StatusView(REPORT, List.of(feature("bridge", State.UNTRIED))));
    assertThat(StatusReport.parse(json)).isEqualTo(REPORT);
    assertThat(json).contains("\"kernel\" : [ {").contains("\"UNTRIED\"");
  }
}
