package io.fairlead.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.health.HealthCheckServers;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.nftables.guard.DropReason;
import io.fairlead.nftables.policy.PolicyCounters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MetricsDocumentTest {

  private static final Path DOCUMENT =
      Path.of(System.getProperty("fairlead.root", ".."), "docs", "metrics.md");

  /** A scrape in which every metric has a value. */
  private static String scrape() {
    AgentMetrics agent = Samples.agentMetrics();
    agent.round(1, 1_000_000);
    agent.healthRequest("/healthz", 200);
    ServiceMetrics services = new ServiceMetrics(agent.registry());
    services.programmed(1.5);
    services.commitFailed("nftables");
    services.counts(() -> new ServiceTally.Counts(1, 2, 3, 4, 5));
    services.healthPorts(() -> new HealthCheckServers.States(1, 2));
    ConntrackMetrics conntrack = new ConntrackMetrics(agent.registry());
    conntrack.cleaned(1, 2, 3_000_000);
    conntrack.failed(new IOException("no"));
    ConntrackUsage.register(agent.registry());
    PolicyMetrics policies = new PolicyMetrics(agent.registry());
    policies.programmed(0.002);
    policies.committed();
    policies.commitFailed();
    policies.admitted(0.002);
    policies.refused();
    policies.cut(2, 0.002);
    policies.cutFailed();
    policies.counts(() -> new PolicyMetrics.Counts(1, 2, 3, 4));
    PolicyCounters.Key policy =
        new PolicyCounters.Key(new ObjectKey("default", "p"), PolicyDirection.INGRESS);
    PolicyCounterMetrics.register(
        agent.registry(), () -> new PolicyCounters(Map.of(policy, 5L), Map.of(policy, 6L), 7));
    PortGuardMetrics.register(agent.registry(), () -> Map.of(DropReason.MAC, 8L));
    TrafficMetrics.register(
        agent.registry(),
        sink ->
            sink.accept(
                new ServiceTraffic.Counters(new ObjectKey("default", "web"), "f", 1, 1, 1, 1, 1)));
    EndpointMetrics.register(
        agent.registry(),
        sink ->
            sink.accept(
                new EndpointTraffic.Counters(
                    new ObjectKey("default", "web"), "e", 1, 1, 1, 1, 1, 1, 1, 1)));
    return agent.exposition();
  }

  private static Map<String, String> matches(String pattern, String text) {
    return Pattern.compile(pattern, Pattern.MULTILINE)
        .matcher(text)
        .results()
        .collect(
            Collectors.toMap(
                (MatchResult match) -> match.group(1),
                match -> match.group(2),
                (a, b) -> a,
                TreeMap::new));
  }

  @Test
  @DisplayName("the document has every metric with its type, and no others")
  void complete() throws IOException {
    Map<String, String> documented =
        matches("^\\| `(fairlead_[a-z_]+)` \\| ([a-z]+) \\|", Files.readString(DOCUMENT));
    Map<String, String> exposed = matches("^# TYPE (\\S+) (\\S+)$", scrape());
    assertThat(documented).isEqualTo(exposed);
  }

  @Test
  @DisplayName("the document has the labels of every metric")
  void labels() throws IOException {
    Map<String, String> documented =
        matches("^\\| `(fairlead_[a-z_]+)` \\| [a-z]+ \\| ([^|]*) \\|", Files.readString(DOCUMENT));
    Map<String, String> exposed = matches("^(fairlead_[a-z_]+?)(?:_bucket)?\\{([^}]*)} ", scrape());
    exposed.forEach((name, labels) -> {
      for (String key : matches("([a-z_]+)=(\"[^\"]*\")", labels).keySet()) {
        if (!key.equals("le")) {
          assertThat(documented.get(name)).as("labels of %s", name).contains("`" + key + "`");
        }
      }
    });
    assertThat(exposed).hasSizeGreaterThan(10);
  }

  @Test
  @DisplayName("values reach the scrape, and the latency has kube-proxy's buckets")
  void values() {
    assertThat(scrape())
        .contains(
            "fairlead_changes_pending{kind=\"endpointslice\"} 2.0",
            "fairlead_changes_total{kind=\"node\"} 30.0",
            "fairlead_changes_pending{kind=\"pod\"} 4.0",
            "fairlead_changes_total{kind=\"namespace\"} 50.0",
            "fairlead_changes_total{kind=\"networkpolicy\"} 60.0",
            "fairlead_last_applied_timestamp_seconds 0.0",
            "fairlead_services 1.0",
            "fairlead_service_frontends 2.0",
            "fairlead_service_endpoints 3.0",
            "fairlead_services_without_local_endpoints{traffic_policy=\"internal\"} 4.0",
            "fairlead_services_without_local_endpoints{traffic_policy=\"external\"} 5.0",
            "fairlead_service_commit_failures_total{backend=\"nftables\"} 1.0",
            "fairlead_conntrack_deleted_total 2.0",
            "fairlead_conntrack_failures_total 1.0",
            "fairlead_health_check_ports{state=\"failed\"} 2.0",
            "fairlead_policies 1.0",
            "fairlead_policy_pods{state=\"isolated\"} 2.0",
            "fairlead_policy_pods{state=\"waiting\"} 4.0",
            "fairlead_policy_programming_duration_seconds_bucket{le=\"0.001\"} 0",
            "fairlead_policy_programming_duration_seconds_bucket{le=\"0.003\"} 1",
            "fairlead_policy_connections_cut_total 2.0",
            "fairlead_policy_allowed_connections_total"
                + "{direction=\"ingress\",namespace=\"default\",policy=\"p\"} 5.0",
            "fairlead_policy_denied_packets_total"
                + "{direction=\"ingress\",namespace=\"default\",policy=\"p\"} 6.0",
            "fairlead_policy_shut_in_packets_total 7.0",
            "fairlead_health_requests_total{code=\"200\",path=\"/healthz\"} 1.0",
            "fairlead_network_programming_duration_seconds_bucket{le=\"0.25\"} 0",
            "fairlead_network_programming_duration_seconds_bucket{le=\"1.0\"} 0",
            "fairlead_network_programming_duration_seconds_bucket{le=\"2.0\"} 1",
            "fairlead_network_programming_duration_seconds_bucket{le=\"300.0\"} 1");
    assertThat(
            scrape()
                .lines()
                .filter(l -> l.startsWith("fairlead_network_programming_duration_seconds_bucket")))
        .hasSize(2 + 59 + 12 + 7 + 1);
  }
}
