package io.fairlead.agent.subsystem.policy.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.agent.server.Json;
import io.fairlead.agent.subsystem.policy.flow.DeniedFlow.End;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FlowLogTest {

  private long now;

  private static DeniedFlow flow(String source, int sourcePort, String destination, int port) {
    return new DeniedFlow(
        "2026-01-01T00:00:00Z",
        "ingress",
        new End(source, sourcePort, ""),
        new End(destination, port, "default/web"),
        "tcp",
        List.of("default/deny-all"),
        "no rule of default/deny-all allows it");
  }

  @Test
  void theLatestAreKept() {
    FlowLog log = new FlowLog();
    assertThat(log.last()).isNull();
    int many = FlowLog.CAPACITY + 10;
    for (int i = 0; i < many; i++) {
      log.add(flow("10.244.1.2", i, "10.244.1.3", 80));
    }
    List<DeniedFlow> latest = log.latest();
    assertThat(latest).hasSize(FlowLog.CAPACITY);
    assertThat(latest.getFirst().source().port()).isEqualTo(many - 1);
    assertThat(latest.getLast().source().port()).isEqualTo(10);
    assertThat(log.last()).isEqualTo(latest.getFirst());
    assertThat(log.seen()).isEqualTo(many);
  }

  @Test
  void theFirstOfAKindInAMinuteGetsALine() {
    LineLimit limit = new LineLimit(() -> now);
    assertThat(limit.admits(flow("10.0.0.1", 1, "10.0.0.2", 80))).isTrue();
    assertThat(limit.admits(flow("10.0.0.1", 2, "10.0.0.2", 80))).as("the same kind").isFalse();
    assertThat(limit.admits(flow("10.0.0.1", 2, "10.0.0.2", 81))).isTrue();
    assertThat(limit.admits(flow("10.0.0.3", 2, "10.0.0.2", 80))).isTrue();
    now += TimeUnit.SECONDS.toNanos(59);
    assertThat(limit.admits(flow("10.0.0.1", 1, "10.0.0.2", 80))).isFalse();
    now += TimeUnit.SECONDS.toNanos(1);
    assertThat(limit.admits(flow("10.0.0.1", 1, "10.0.0.2", 80))).isTrue();
  }

  @Test
  void noMoreLinesThanAPersonReads() {
    LineLimit limit = new LineLimit(() -> now);
    int lines = 0;
    for (int i = 0; i < 1000; i++) {
      lines += limit.admits(flow("10.0.0.1", 1, "10.0.0.2", i)) ? 1 : 0;
    }
    assertThat(lines).isEqualTo(LineLimit.MOST);
  }

  @Test
  void aFlowIsOneLineAndJson() throws Exception {
    DeniedFlow flow = flow("fd00::1", 40000, "10.244.1.3", 80);
    assertThat(flow)
        .hasToString(
            "ingress tcp [fd00::1]:40000 -> 10.244.1.3:80 (default/web): no rule of"
                + " default/deny-all allows it");
    assertThat(flow("10.0.0.1", -1, "10.0.0.2", -1).toString())
        .contains("10.0.0.1 -> 10.0.0.2 (default/web)");
    JsonNode json = new ObjectMapper().readTree(Json.reply(List.of(flow)).body()).get(0);
    assertThat(json.get("source").get("address").asText()).isEqualTo("fd00::1");
    assertThat(json.get("destination").get("pod").asText()).isEqualTo("default/web");
    assertThat(json.get("policies").get(0).asText()).isEqualTo("default/deny-all");
    assertThat(json.get("reason").asText()).startsWith("no rule of ");
  }
}
