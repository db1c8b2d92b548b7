package io.fairlead.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectChange.EndpointSliceChanged;
import io.fairlead.dataplane.model.ObjectChange.ServiceChanged;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Services and slices become known, and go, in any order. */
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
}
