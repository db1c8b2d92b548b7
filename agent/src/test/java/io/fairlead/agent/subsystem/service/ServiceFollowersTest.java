package io.fairlead.agent.subsystem.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.PolicyObjects;
import io.fairlead.agent.metrics.ProgrammingLatency;
import io.fairlead.agent.metrics.ServiceTally;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What follows a commit, over a cluster with one Service of UDP port 53. */
class ServiceFollowersTest {

  private static final ObjectKey DNS = new ObjectKey("kube-system", "dns");

  /** One Service and its slice, or neither. */
  private static final class OneService implements ClusterView {
    private @Nullable ServiceRecord service;
    private List<EndpointSliceRecord> slices = List.of();

    @Override
    public PolicyObjects policyObjects() {
      throw new AssertionError("services ask for no policies");
    }

    @Override
    public @Nullable ServiceRecord service(ObjectKey key) {
      return service;
    }

    @Override
    public Collection<ServiceRecord> services() {
      return service == null ? List.of() : List.of(service);
    }

    @Override
    public Collection<EndpointSliceRecord> slices(ObjectKey key) {
      return slices;
    }

    @Override
    public @Nullable NodeRecord node(String name) {
      return null;
    }

    @Override
    public Collection<NodeRecord> nodes() {
      return List.of();
    }
  }

  private final AddressClaims claims = new AddressClaims();
  private final OneService cluster = new OneService();
  private final List<Map<FrontendAddress, Set<EndpointAddress>>> cleaned = new ArrayList<>();
  private final ServiceTally tally = new ServiceTally();
  private final List<Double> latencies = new ArrayList<>();
  private long now;
  private final List<ServiceFollower> followers =
      List.of(
          new StaleFlowsFollower(claims, cleaned::add, () -> {}, () -> {}),
          new MetricsFollower(tally, new ProgrammingLatency(() -> now, () -> now, latencies::add)));

  private void commit(long triggered, String... endpoints) {
    ServiceRecord service =
        ServiceRecord.ofClusterIps(
            DNS,
            List.of(IpAddress.parse("10.96.0.10")),
            List.of(new ServicePortRecord("", Protocol.UDP, 53)));
    List<Endpoint> ready = new ArrayList<>();
    for (String endpoint : endpoints) {
      ready.add(new Endpoint(IpAddress.parse(endpoint), true, true, false, "n1"));
    }
    cluster.service = service;
    cluster.slices =
        List.of(
            new EndpointSliceRecord(
                DNS,
                DNS,
                AddressFamily.IPV4,
                List.of(new EndpointPort("", Protocol.UDP, 5353)),
                ready,
                triggered));
    commit(ServiceFragment.of(service, cluster.slices, ServiceNode.named("n1")));
  }

  private void commit(@Nullable ServiceFragment fragment) {
    UncommittedChanges changes = new UncommittedChanges();
    changes.add(claims.update(DNS, fragment));
    cleaned.clear();
    latencies.clear();
    var taken = changes.take();
    followers.forEach(follower -> follower.committed(taken, cluster));
  }

  @Test
  @DisplayName("flows are looked for where an endpoint went, latencies and counts follow")
  void follow() {
    now = 3000;
    commit(2000, "10.244.1.2", "10.244.1.3");
    assertThat(latencies).containsExactly(1.0);
    assertThat(tally.counts()).isEqualTo(new ServiceTally.Counts(1, 1, 2, 0, 0));
    commit(2000, "10.244.1.2");
    assertThat(cleaned)
        .singleElement()
        .asString()
        .isEqualTo("{10.96.0.10:53/udp=[10.244.1.2:5353]}");
    assertThat(latencies).isEmpty();
    cluster.service = null;
    commit(null);
    assertThat(cleaned).singleElement().asString().isEqualTo("{10.96.0.10:53/udp=[]}");
    assertThat(tally.counts()).isEqualTo(new ServiceTally.Counts(0, 0, 0, 0, 0));
  }
}
