package io.fairlead.dataplane.service;

import static org.assertj.core.api.Assertions.assertThat;

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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bad input of issue 3, as far as the API server lets it through. */
class BadInputTest {

  private static List<EndpointSliceRecord> slices(int slices, int endpointsEach, String first) {
    IpAddress address = IpAddress.parse(first);
    List<EndpointSliceRecord> all = new ArrayList<>();
    for (int s = 0; s < slices; s++) {
      List<Endpoint> endpoints = new ArrayList<>();
      for (int e = 0; e < endpointsEach; e++) {
        endpoints.add(
            new Endpoint(
                address.plus((long) s * endpointsEach + e), true, true, false, "node-" + e % 10));
      }
      all.add(
          new EndpointSliceRecord(
              new ObjectKey("default", "web-" + s),
              new ObjectKey("default", "web"),
              address.family(),
              List.of(
                  new EndpointPort("http", Protocol.TCP, 8080),
                  new EndpointPort("dns", Protocol.UDP, 53)),
              endpoints));
    }
    return all;
  }

  @Test
  @DisplayName("100,000 endpoints in one Service, of both families, and one of them changes")
  // Not a measurement: whatever grows with the square takes minutes.
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void hundredThousand() {
    List<EndpointSliceRecord> slices = slices(1000, 100, "10.0.0.0");
    slices.addAll(slices(1000, 100, "fd01::"));
    ServiceRecord service =
        new TestService()
            .clusterIps("10.96.0.10 fd00::a")
            .balancerIps("192.0.2.1 192.0.2.2 2001:db8::1")
            .port("http", Protocol.TCP, 80, 30080)
            .port("dns", Protocol.UDP, 53, 30053)
            .policies(TrafficPolicy.CLUSTER, TrafficPolicy.LOCAL)
            .healthCheckNodePort(31000)
            .build();
    ServiceNode node = ServiceNode.named("node-1");
    AddressClaims claims = new AddressClaims();
    ServiceFragment all = ServiceFragment.of(service, slices, node);
    assertThat(all.ports())
        .hasSize(4)
        .allSatisfy(port -> {
          assertThat(port.cluster().size()).isEqualTo(100_000);
          assertThat(port.local().size()).isEqualTo(10_000);
        });
    assertThat(claims.update(service.key(), all).addresses()).hasSize(14);
    assertThat(HealthCheck.of(service, slices, "node-1"))
        .isEqualTo(new HealthCheck(service.key(), 31000, 10_000));

    slices.set(0, slices(1, 99, "10.0.0.0").getFirst());
    ServiceFragment less = ServiceFragment.of(service, slices, node);
    assertThat(less.ports().getFirst().cluster().size()).isEqualTo(99_999);
    // Node-9's: nothing for what must stay on this node, nothing of IPv6.
    assertThat(claims.update(service.key(), less).addresses())
        .allMatch(address -> address.family() == AddressFamily.IPV4)
        .hasSize(8);
  }

  @Test
  @DisplayName("all of 1,000 Services want one address: each gets its turn")
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void thousandClaims() {
    AddressClaims claims = new AddressClaims();
    for (int i = 999; i >= 0; i--) {
      ServiceFragment fragment = new TestService().name("s" + i).created(i).fragment();
      claims.update(fragment.service(), fragment);
    }
    assertThat(claims.conflicts()).hasSize(999);
    for (int i = 0; i < 999; i++) {
      ObjectKey next = new ObjectKey("default", "s" + (i + 1));
      FrontendAddress address = claims.addresses().iterator().next();
      assertThat(claims.update(new ObjectKey("default", "s" + i), null).addresses())
          .containsExactly(address);
      assertThat(claims.isOwner(next, address)).isTrue();
    }
  }

  @Test
  @DisplayName("names at their longest that differ in the last letter are different Services")
  void longestNames() {
    // RFC 1123 labels: 63 letters each; a port's name is a label too.
    String longest = "n".repeat(62);
    AddressClaims claims = new AddressClaims();
    for (String last : List.of("a", "b")) {
      ObjectKey key = new ObjectKey(longest + last, longest + last);
      String port = longest + last;
      ServiceRecord service =
          ServiceRecord.ofClusterIps(
              key,
              List.of(IpAddress.parse("10.96.0.1")),
              List.of(
                  new ServicePortRecord(port, Protocol.TCP, 80),
                  new ServicePortRecord(longest + "c", Protocol.TCP, 81)));
      EndpointSliceRecord slice =
          TestSlice.of("x", "10.0.0.1", new EndpointPort(port, Protocol.TCP, 8080));
      ServiceFragment fragment =
          ServiceFragment.of(service, List.of(slice), ServiceNode.named("node-1"));
      assertThat(fragment.ports()).extracting(each -> each.cluster().size()).containsExactly(1, 0);
      claims.update(key, fragment);
    }
    assertThat(claims.services()).isEqualTo(2);
    assertThat(claims.conflicts()).hasSize(2);
  }

  @Test
  @DisplayName("a Service without ports, and one without addresses, ask for nothing")
  void nothing() {
    ServiceRecord noPorts =
        ServiceRecord.ofClusterIps(
            new ObjectKey("default", "web"), List.of(IpAddress.parse("10.96.0.1")), List.of());
    assertThat(ServiceFragment.of(noPorts, List.of(), ServiceNode.named("node-1")).ports())
        .isEmpty();
    assertThat(new TestService().clusterIps("").fragment(TestSlice.of("a", "10.0.0.1")).ports())
        .isEmpty();
  }

  @Test
  @DisplayName("slices without ports or endpoints serve nothing")
  void emptySlices() {
    assertThat(
            new TestService()
                .fragment(TestSlice.of("a", ""), TestSlice.of("b", "10.0.0.1", new EndpointPort[0]))
                .ports()
                .getFirst()
                .cluster()
                .isEmpty())
        .isTrue();
  }
}
