package io.fairlead.agent.subsystem.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.PodAttachment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class EgressFollowerTest {

  private static final ObjectKey POD = new ObjectKey("default", "a");
  private static final ObjectKey POLICY = new ObjectKey("default", "p");
  private static final LabelSelector ALL = new LabelSelector(List.of());

  private final Enforcement enforcement = new Enforcement("node-1", false);
  private final List<String> told = new ArrayList<>();
  private final EgressFollower follower =
      new EgressFollower(
          enforcement, (isolated, free) -> told.add("isolated " + isolated + " free " + free));

  private String next() {
    told.clear();
    follower.enforced(enforcement.take());
    return String.join("; ", told);
  }

  @Test
  @DisplayName("a pod is confined while an egress policy selects it, and until it is gone")
  void follows() {
    List<IpAddress> addresses = List.of(IpAddress.parse("10.244.1.2"));
    enforcement.namespace("default", NamespaceRecord.unknown("default"));
    enforcement.pod(
        POD,
        new PodRecord(POD, "uid", Labels.of(Map.of()), addresses, "node-1", false, List.of(), 1));
    enforcement.attach(new PodAttachment("if-a", POD, "uid", addresses));
    assertThat(next()).isEqualTo("isolated [] free [10.244.1.2]");
    enforcement.policy(POLICY, new NetworkPolicyRecord(POLICY, ALL, List.of(), null));
    assertThat(next()).as("ingress alone").isEqualTo("isolated [] free [10.244.1.2]");
    enforcement.policy(POLICY, new NetworkPolicyRecord(POLICY, ALL, null, List.of()));
    assertThat(next()).isEqualTo("isolated [10.244.1.2] free []");
    enforcement.detach("if-a");
    enforcement.pod(POD, null);
    assertThat(next()).isEqualTo("isolated [] free [10.244.1.2]");
    assertThat(next()).as("nothing changed").isEmpty();
  }
}
