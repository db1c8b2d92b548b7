package io.fairlead.agent.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.metrics.ServiceTally.Counts;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ServiceTallyTest {

  private static final ObjectKey WEB = new ObjectKey("default", "web");
  private static final ObjectKey API = new ObjectKey("default", "api");

  private final AddressClaims claims = new AddressClaims();
  private final ServiceTally tally = new ServiceTally();

  /** With ports 80 and 443, both of node port; endpoints are named by their node. */
  private void set(ObjectKey key, TrafficPolicy internal, TrafficPolicy external, String... nodes) {
    ServiceRecord service =
        new ServiceRecord(
            key,
            0,
            List.of(IpAddress.parse(key.equals(WEB) ? "10.96.0.1" : "10.96.0.2")),
            List.of(),
            List.of(),
            null,
            List.of(
                new ServicePortRecord("http", Protocol.TCP, 80, key.equals(WEB) ? 30080 : 30081),
                new ServicePortRecord("https", Protocol.TCP, 443)),
            internal,
            external,
            0,
            0,
            "");
    List<Endpoint> endpoints = new ArrayList<>();
    for (String node : nodes) {
      IpAddress address = IpAddress.parse("10.244.0." + (endpoints.size() + 2));
      endpoints.add(new Endpoint(address, true, true, false, node));
    }
    EndpointSliceRecord slice =
        new EndpointSliceRecord(
            key,
            key,
            AddressFamily.IPV4,
            List.of(
                new EndpointPort("http", Protocol.TCP, 8080),
                new EndpointPort("https", Protocol.TCP, 8443)),
            endpoints);
    tally.update(
        claims.update(key, ServiceFragment.of(service, List.of(slice), ServiceNode.named("n1"))));
  }

  @Test
  @DisplayName("adds and takes away what each change does")
  void counts() {
    set(WEB, TrafficPolicy.CLUSTER, TrafficPolicy.CLUSTER, "n1", "n2");
    assertThat(tally.counts()).isEqualTo(new Counts(1, 3, 4, 0, 0));
    set(API, TrafficPolicy.CLUSTER, TrafficPolicy.LOCAL, "n1", "n2", "n2");
    assertThat(tally.counts()).isEqualTo(new Counts(2, 6, 10, 0, 0));
    set(WEB, TrafficPolicy.CLUSTER, TrafficPolicy.CLUSTER);
    assertThat(tally.counts()).isEqualTo(new Counts(2, 6, 6, 0, 0));
    tally.update(claims.update(WEB, null));
    tally.update(claims.update(API, null));
    assertThat(tally.counts()).isEqualTo(new Counts(0, 0, 0, 0, 0));
  }

  @Test
  @DisplayName("policy Local without an endpoint here, but elsewhere (services 24)")
  void withoutLocalEndpoints() {
    set(WEB, TrafficPolicy.LOCAL, TrafficPolicy.LOCAL, "n2");
    assertThat(tally.counts().withoutInternalEndpoints()).isEqualTo(1);
    assertThat(tally.counts().withoutExternalEndpoints()).isEqualTo(1);
    set(WEB, TrafficPolicy.LOCAL, TrafficPolicy.LOCAL);
    assertThat(tally.counts().withoutInternalEndpoints()).as("none anywhere").isZero();
    set(WEB, TrafficPolicy.CLUSTER, TrafficPolicy.LOCAL, "n2");
    assertThat(tally.counts().withoutInternalEndpoints()).isZero();
    assertThat(tally.counts().withoutExternalEndpoints()).isEqualTo(1);
    set(WEB, TrafficPolicy.LOCAL, TrafficPolicy.LOCAL, "n1", "n2");
    assertThat(tally.counts())
        .as("the remote one serves pods by the node port of http alone")
        .isEqualTo(new Counts(1, 3, 3, 0, 0));
  }
}
