package io.fairlead.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.Labels;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectChange.EndpointSliceChanged;
import io.fairlead.dataplane.model.ObjectChange.NamespaceChanged;
import io.fairlead.dataplane.model.ObjectChange.NetworkPolicyChanged;
import io.fairlead.dataplane.model.ObjectChange.PodChanged;
import io.fairlead.dataplane.model.ObjectChange.ServiceChanged;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Objects become known, and go, in any order. */
class ClusterStateTest {

  private static final ObjectKey WEB = new ObjectKey("default", "web");

  private final ClusterState state = new ClusterState();

  private void service(String clusterIp) {
    state.apply(
        new ServiceChanged(
            WEB,
            ServiceRecord.ofClusterIps(
                WEB,
                List.of(IpAddress.parse(clusterIp)),
                List.of(new ServicePortRecord("", Protocol.TCP, 80)))));
  }

  private void slice(String name, String... addresses) {
    ObjectKey key = new ObjectKey("default", name);
    state.apply(
        new EndpointSliceChanged(
            key,
            new EndpointSliceRecord(
                key,
                WEB,
                AddressFamily.IPV4,
                List.of(new EndpointPort("", Protocol.TCP, 8080)),
                Arrays.stream(addresses)
                    .map(text -> new Endpoint(IpAddress.parse(text), true, true, false, null))
                    .toList())));
  }

  private List<String> endpoints() {
    return state.slices(WEB).stream()
        .flatMap(slice -> slice.endpoints().stream())
        .map(endpoint -> endpoint.address().toString())
        .distinct()
        .sorted()
        .toList();
  }

  @Test
  @DisplayName("endpoints before their Service wait for it (services 14)")
  void endpointsFirst() {
    slice("web-1", "10.244.0.1");
    assertThat(state.takeDirty().services()).containsExactly(WEB);
    assertThat(state.service(WEB)).isNull();
    service("10.96.0.1");
    assertThat(state.takeDirty().services()).containsExactly(WEB);
    assertThat(endpoints()).containsExactly("10.244.0.1");
  }

  @Test
  @DisplayName("slices of a Service that is gone stay, and go without it (bad input of issue 3)")
  void withoutService() {
    service("10.96.0.1");
    slice("web-1", "10.244.0.1");
    state.apply(new ServiceChanged(WEB, null));
    assertThat(endpoints()).containsExactly("10.244.0.1");
    state.takeDirty();
    state.apply(new EndpointSliceChanged(new ObjectKey("default", "web-1"), null));
    assertThat(state.takeDirty().services()).containsExactly(WEB);
    assertThat(endpoints()).isEmpty();
    assertThat(state.sliceCount()).isZero();
  }

  @Test
  @DisplayName(
      "an endpoint that comes in one slice and then goes in another is never away"
          + " (services 5)")
  void moves() {
    service("10.96.0.1");
    slice("web-1", "10.244.0.1", "10.244.0.2");
    slice("web-2", "10.244.0.2");
    assertThat(endpoints()).containsExactly("10.244.0.1", "10.244.0.2");
    slice("web-1", "10.244.0.1");
    assertThat(endpoints()).containsExactly("10.244.0.1", "10.244.0.2");
  }

  @Test
  @DisplayName(
      "deleted and added again between two rounds is dirty once, as it is now (services 11)")
  void comesBack() {
    service("10.96.0.1");
    state.takeDirty();
    state.apply(new ServiceChanged(WEB, null));
    service("10.96.0.2");
    assertThat(state.takeDirty()).isEqualTo(new DirtyKeys(false, Set.of(WEB), Set.of()));
    ServiceRecord now = state.service(WEB);
    assertThat(now).isNotNull();
    assertThat(now.clusterIps()).hasToString("[10.96.0.2]");
    assertThat(state.takeDirty().isEmpty()).isTrue();
  }

  private static PodRecord pod(String name, String address, String app) {
    return new PodRecord(
        new ObjectKey("shop", name),
        "",
        Labels.of(Map.of("app", app)),
        List.of(IpAddress.parse(address)),
        "n1",
        false,
        List.of(),
        0);
  }

  private void pod(PodRecord pod) {
    state.apply(new PodChanged(pod.key(), pod));
  }

  @Test
  @DisplayName("a pod is dirty when its record changes, and only then (policy 9)")
  void pods() {
    pod(pod("a", "10.244.0.1", "web"));
    ObjectKey key = new ObjectKey("shop", "a");
    assertThat(state.takeDirty().pods()).containsExactly(key);
    pod(pod("a", "10.244.0.1", "web"));
    assertThat(state.takeDirty().isEmpty()).as("nothing changed").isTrue();
    pod(pod("a", "10.244.0.1", "db"));
    assertThat(state.takeDirty())
        .isEqualTo(new DirtyKeys(false, Set.of(), Set.of(), Set.of(key), Set.of(), Set.of()));
    state.apply(new PodChanged(key, null));
    assertThat(state.takeDirty().pods()).containsExactly(key);
    assertThat(state.pod(key)).isNull();
    assertThat(state.pods()).isEmpty();
    state.apply(new PodChanged(key, null));
    assertThat(state.takeDirty().isEmpty()).as("it was gone already").isTrue();
  }

  @Test
  @DisplayName("a pod that takes the address of one that has ended is known beside it (policy 5)")
  void addressTwice() {
    pod(pod("ended", "10.244.0.1", "job"));
    pod(pod("new", "10.244.0.1", "web"));
    assertThat(state.pods()).hasSize(2);
    state.apply(new PodChanged(new ObjectKey("shop", "ended"), null));
    assertThat(state.pods()).containsExactly(pod("new", "10.244.0.1", "web"));
  }

  @Test
  @DisplayName("a namespace and its policies may come after their pods (faults 8)")
  void namespaceLast() {
    pod(pod("a", "10.244.0.1", "web"));
    assertThat(state.namespace("shop")).isNull();
    state.takeDirty();
    NamespaceRecord shop = new NamespaceRecord("shop", Labels.of(Map.of("team", "a")));
    NetworkPolicyRecord guard =
        new NetworkPolicyRecord(
            new ObjectKey("shop", "guard"), LabelSelector.EVERYTHING, List.of(), null);
    state.apply(new NamespaceChanged("shop", shop));
    state.apply(new NetworkPolicyChanged(guard.key(), guard));
    assertThat(state.takeDirty())
        .isEqualTo(
            new DirtyKeys(
                false, Set.of(), Set.of(), Set.of(), Set.of("shop"), Set.of(guard.key())));
    assertThat(state.namespace("shop")).isEqualTo(shop);
    assertThat(state.networkPolicy(guard.key())).isEqualTo(guard);
    assertThat(state.networkPolicies()).containsExactly(guard);
    state.apply(new NetworkPolicyChanged(guard.key(), null));
    state.apply(new NamespaceChanged("shop", null));
    assertThat(state.takeDirty().size()).isEqualTo(2);
    assertThat(state.namespaces()).isEmpty();
    assertThat(state.networkPolicies()).isEmpty();
  }
}
