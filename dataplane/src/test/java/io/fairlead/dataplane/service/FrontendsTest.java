package io.fairlead.dataplane.service;

import static io.fairlead.dataplane.model.TrafficPolicy.CLUSTER;
import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.EndpointSet.Absence;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Which addresses a Service has, and that its ports are matched with those of slices. */
class FrontendsTest {

  private static String end(String endpoints) {
    return "; inside " + endpoints + "; outside " + endpoints;
  }

  @Test
  @DisplayName("several load balancer's addresses and external IPs (services 31)")
  void severalAddresses() {
    ServiceFragment fragment =
        new TestService()
            .balancerIps("192.0.2.2 192.0.2.1 192.0.2.2")
            .externalIps("198.51.100.2 198.51.100.1")
            .fragment(TestSlice.of("a", "10.0.0.1"));
    assertThat(fragment.ports().getFirst().frontends().keySet())
        .extracting(Object::toString)
        .containsExactly(
            "10.96.0.10:80/tcp",
            "192.0.2.1:80/tcp",
            "192.0.2.2:80/tcp",
            "198.51.100.1:80/tcp",
            "198.51.100.2:80/tcp");
  }

  @Test
  @DisplayName("an address that is several things is the one that says most of its clients")
  void oneAddressTwice() {
    ServicePortFragment port =
        new TestService()
            .externalIps("192.0.2.1 10.96.0.10")
            .balancerIps("192.0.2.1")
            .ranges("203.0.113.0/24")
            .fragment()
            .ports()
            .getFirst();
    assertThat(FragmentText.lines(new TestService().externalIps("10.96.0.10").fragment()))
        .singleElement()
        .asString()
        .contains("CLUSTER_IP");
    assertThat(port.frontends().values())
        .extracting(Frontend::kind)
        .containsExactly(Frontend.Kind.CLUSTER_IP, Frontend.Kind.LOAD_BALANCER);
    assertThat(port.frontends().lastEntry().getValue().allowedSources()).isNotNull();
  }

  @Test
  @DisplayName("TCP, UDP and SCTP on one port are three things (services 12)")
  void protocols() {
    ServiceFragment fragment =
        new TestService()
            .port("dns", Protocol.UDP, 53, 30053)
            .port("dns-tcp", Protocol.TCP, 53, 30053)
            .port("dns-sctp", Protocol.SCTP, 53, 30053)
            .fragment(
                TestSlice.of("a", "10.0.0.1", new EndpointPort("dns", Protocol.UDP, 5353)),
                TestSlice.of("b", "10.0.0.2", new EndpointPort("dns", Protocol.TCP, 5353)),
                TestSlice.of("c", "10.0.0.3", new EndpointPort("dns-tcp", Protocol.TCP, 53)));
    assertThat(FragmentText.lines(fragment))
        .containsExactly(
            "10.96.0.10:53/udp CLUSTER_IP masquerades ALL_BUT_LOCAL_PODS" + end("10.0.0.1"),
            "node port 30053/udp (IPv4) NODE_PORT masquerades EVERYBODY" + end("10.0.0.1"),
            "10.96.0.10:53/tcp CLUSTER_IP masquerades ALL_BUT_LOCAL_PODS" + end("10.0.0.3"),
            "node port 30053/tcp (IPv4) NODE_PORT masquerades EVERYBODY" + end("10.0.0.3"),
            "10.96.0.10:53/sctp CLUSTER_IP masquerades ALL_BUT_LOCAL_PODS" + end("REFUSE"),
            "node port 30053/sctp (IPv4) NODE_PORT masquerades EVERYBODY" + end("REFUSE"));
    AddressClaims claims = new AddressClaims();
    assertThat(claims.update(fragment.service(), fragment).addresses()).hasSize(6);
    assertThat(claims.conflicts()).isEmpty();
  }

  @Test
  @DisplayName(
      "a port that gets another name or number meets the slice's when it follows"
          + " (services 10)")
  void renamed() {
    EndpointSliceRecord old = TestSlice.of("a", "10.0.0.1", port("http", 8080));
    EndpointSliceRecord followed = TestSlice.of("a", "10.0.0.1", port("web", 8081));
    TestService before = new TestService().port("http", 80);
    TestService after = new TestService().port("web", 80);
    TestService renumbered = new TestService().port("http", 81);
    assertThat(before.fragment(old).ports().getFirst().cluster().endpoints())
        .hasToString("[10.0.0.1:8080]");
    assertThat(after.fragment(old).ports().getFirst().cluster().absence())
        .isEqualTo(Absence.REFUSE);
    assertThat(after.fragment(followed).ports().getFirst().cluster().endpoints())
        .hasToString("[10.0.0.1:8081]");
    assertThat(after.fragment(old, TestSlice.of("b", "10.0.0.1", port("web", 8081))))
        .isEqualTo(after.fragment(followed));
    AddressClaims claims = new AddressClaims();
    claims.update(before.fragment(old).service(), before.fragment(old));
    assertThat(claims.update(before.fragment(old).service(), renumbered.fragment(old)).addresses())
        .hasToString("[10.96.0.10:80/tcp, 10.96.0.10:81/tcp]");
  }

  @Test
  @DisplayName("from no port to one without a name (services 10)")
  void unnamed() {
    EndpointSliceRecord slice = TestSlice.of("a", "10.0.0.1");
    AddressClaims claims = new AddressClaims();
    ServiceFragment none = new ServiceFragment(new TestService().build().key(), 0, List.of());
    assertThat(claims.update(none.service(), none).addresses()).isEmpty();
    ServiceFragment one = new TestService().port("", 80).fragment(slice);
    assertThat(claims.update(one.service(), one).addresses()).hasToString("[10.96.0.10:80/tcp]");
    assertThat(one.ports().getFirst().cluster().endpoints()).hasToString("[10.0.0.1:8080]");
  }

  @Test
  @DisplayName("slices may give a port several numbers")
  void severalNumbers() {
    assertThat(
            new TestService()
                .port("http", 80)
                .fragment(
                    TestSlice.of("a", "10.0.0.1; 10.0.0.2", port("http", 8080), port("m", 9)),
                    TestSlice.of("b", "10.0.0.1", port("http", 8081)))
                .ports()
                .getFirst()
                .cluster()
                .endpoints())
        .hasToString("[10.0.0.1:8080, 10.0.0.1:8081, 10.0.0.2:8080]");
  }

  @Test
  @DisplayName("the Service before its endpoints is refused, then served (services 14)")
  void serviceFirst() {
    TestService service = new TestService();
    assertThat(service.fragment().ports().getFirst().cluster())
        .isEqualTo(new EndpointSet(List.of(), Absence.REFUSE));
    assertThat(service.fragment(TestSlice.of("a", "10.0.0.1")).ports().getFirst().cluster().size())
        .isEqualTo(1);
  }

  @Test
  @DisplayName("session affinity is each port's")
  void affinity() {
    assertThat(
            new TestService()
                .affinity(10800)
                .policies(CLUSTER, CLUSTER)
                .port("a", 80)
                .port("b", 81)
                .fragment()
                .ports())
        .extracting(ServicePortFragment::affinitySeconds)
        .containsExactly(10800, 10800);
  }

  private static EndpointPort port(String name, int port) {
    return new EndpointPort(name, Protocol.TCP, port);
  }
}
