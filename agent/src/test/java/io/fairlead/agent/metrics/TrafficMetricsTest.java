package io.fairlead.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.metrics.ServiceTraffic.Counters;
import io.fairlead.dataplane.model.ObjectKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TrafficMetricsTest {

  private final AgentMetrics metrics = Samples.agentMetrics();
  private final List<Counters> kernel = new ArrayList<>();
  private @Nullable IOException failure;
  private int readings;

  TrafficMetricsTest() {
    TrafficMetrics.register(
        metrics.registry(),
        sink -> {
          readings++;
          if (failure != null) {
            throw failure;
          }
          kernel.forEach(sink);
        });
  }

  private void add(String service, String frontend, long connections, long dropped) {
    kernel.add(
        new Counters(
            new ObjectKey("default", service),
            frontend,
            connections,
            2 * connections,
            120 * connections,
            0,
            dropped));
  }

  @Test
  @DisplayName("one reading a scrape; frontends that nobody used are left out")
  void used() {
    add("web", "10.96.0.1:80/tcp", 3, 0);
    add("idle", "10.96.0.2:80/tcp", 0, 0);
    add("refuses", "node port 30080/tcp (IPv4)", 0, 7);
    String text = metrics.exposition();
    assertThat(text)
        .contains(
            "# TYPE fairlead_service_connections_total counter",
            "fairlead_service_connections_total{frontend=\"10.96.0.1:80/tcp\","
                + "namespace=\"default\",service=\"web\"} 3.0",
            "fairlead_service_packets_total{frontend=\"10.96.0.1:80/tcp\","
                + "namespace=\"default\",service=\"web\"} 6.0",
            "fairlead_service_bytes_total{frontend=\"10.96.0.1:80/tcp\","
                + "namespace=\"default\",service=\"web\"} 360.0",
            "fairlead_service_dropped_total{frontend=\"node port 30080/tcp (IPv4)\","
                + "namespace=\"default\",service=\"refuses\"} 7.0")
        .doesNotContain("idle");
    assertThat(readings).isEqualTo(1);
    metrics.exposition();
    assertThat(readings).isEqualTo(2);
  }

  @Test
  @DisplayName("a kernel that does not tell costs the other metrics nothing")
  void failing() {
    failure = new IOException("no");
    assertThat(metrics.exposition())
        .contains("fairlead_synced")
        .doesNotContain("fairlead_service_connections_total");
    failure = null;
    assertThat(metrics.exposition()).doesNotContain("fairlead_service_connections_total");
    add("web", "10.96.0.1:80/tcp", 1, 0);
    assertThat(metrics.exposition()).contains("fairlead_service_connections_total");
  }
}
