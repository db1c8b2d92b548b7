package io.fairlead.dataplane.service;

import static io.fairlead.dataplane.model.TrafficPolicy.CLUSTER;
import static io.fairlead.dataplane.model.TrafficPolicy.LOCAL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.Protocol;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A change of a Service names the addresses that it concerns, and no others. */
class ServiceChangeTest {

  private static final String CLUSTER_IP = "10.96.0.10:80/tcp";
  private static final String BALANCER = "192.0.2.1:80/tcp";
  private static final String EXTERNAL = "198.51.100.1:80/tcp";
  private static final String NODE_PORT = "node port 30080/tcp (IPv4)";

  private static final EndpointSliceRecord ONE = TestSlice.of("a", "10.0.0.1@node-2");
  private static final EndpointSliceRecord TWO =
      TestSlice.of("a", "10.0.0.1@node-2; 10.0.0.2@node-2");
  private static final EndpointSliceRecord AND_HERE =
      TestSlice.of("a", "10.0.0.1@node-2; 10.0.0.3@node-1");

  private static TestService service() {
    return balanced().balancerIps("192.0.2.1");
  }

  private static TestService balanced() {
    return new TestService()
        .externalIps("198.51.100.1")
        .port("", Protocol.TCP, 80, 30080)
        .policies(LOCAL, CLUSTER);
  }

  static Stream<Arguments> changes() {
    return Stream.of(
        arguments("nothing", service().fragment(ONE), new String[0]),
        arguments(
            "an endpoint on another node: the cluster IP is local",
            service().fragment(TWO),
            new String[] {BALANCER, EXTERNAL, NODE_PORT}),
        arguments(
            "an endpoint on this node",
            service().fragment(AND_HERE),
            new String[] {CLUSTER_IP, BALANCER, EXTERNAL, NODE_PORT}),
        arguments(
            "externalTrafficPolicy",
            service().policies(LOCAL, LOCAL).fragment(ONE),
            new String[] {BALANCER, EXTERNAL, NODE_PORT}),
        arguments(
            "internalTrafficPolicy",
            service().policies(CLUSTER, CLUSTER).fragment(ONE),
            new String[] {CLUSTER_IP}),
        arguments(
            "source ranges",
            service().ranges("203.0.113.0/24").fragment(ONE),
            new String[] {BALANCER}),
        arguments(
            "session affinity (services 51)",
            service().affinity(60).fragment(ONE),
            new String[] {CLUSTER_IP, BALANCER, EXTERNAL, NODE_PORT}),
        arguments(
            "services 32, the balancer's address goes, or becomes a proxy's",
            balanced().fragment(ONE),
            new String[] {BALANCER}),
        arguments(
            "services 31, another address comes",
            service().balancerIps("192.0.2.1 192.0.2.2").fragment(ONE),
            new String[] {"192.0.2.2:80/tcp"}),
        arguments(
            "another cluster IP",
            service().clusterIps("10.96.0.11").fragment(ONE),
            new String[] {CLUSTER_IP, "10.96.0.11:80/tcp"}),
        arguments(
            "another cluster IP family in front changes nothing of the other",
            service().clusterIps("fd00::a 10.96.0.10").fragment(ONE),
            new String[] {"[fd00::a]:80/tcp", "node port 30080/tcp (IPv6)"}),
        arguments("another age", service().created(5).fragment(ONE), new String[0]),
        arguments(
            "no more endpoints",
            service().fragment(),
            new String[] {CLUSTER_IP, BALANCER, EXTERNAL, NODE_PORT}));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("changes")
  @DisplayName("exactly what changed is named")
  void exactly(String name, ServiceFragment after, String[] addresses) {
    AddressClaims claims = new AddressClaims();
    ServiceFragment before = service().fragment(ONE);
    claims.update(before.service(), before);
    ServiceChange change = claims.update(after.service(), after);
    assertThat(change.addresses())
        .extracting(Object::toString)
        .containsExactlyInAnyOrder(addresses);
    assertThat(change.isEmpty()).isEqualTo(addresses.length == 0);
    assertThat(change.before()).isEqualTo(before);
    assertThat(change.after()).isEqualTo(after);
    assertThat(claims.fragment(after.service())).isEqualTo(after);
  }

  @Test
  @DisplayName("added, deleted and added again: each names everything (services 11)")
  void comeAndGo() {
    AddressClaims claims = new AddressClaims();
    ServiceFragment fragment = service().fragment(ONE);
    assertThat(claims.update(fragment.service(), fragment).addresses()).hasSize(4);
    ServiceChange gone = claims.update(fragment.service(), null);
    assertThat(gone.addresses()).hasSize(4);
    assertThat(gone.after()).isNull();
    assertThat(claims.update(fragment.service(), null).isEmpty()).isTrue();
    assertThat(claims.update(fragment.service(), fragment).addresses()).hasSize(4);
  }

  @Test
  @DisplayName("what becomes of a Service that does not get its address is nobody's business")
  void waiting() {
    AddressClaims claims = new AddressClaims();
    ServiceFragment owner = new TestService().name("a").fragment(ONE);
    claims.update(owner.service(), owner);
    ServiceFragment waiting = new TestService().name("b").fragment(ONE);
    assertThat(claims.update(waiting.service(), waiting).isEmpty()).isTrue();
    ServiceFragment changed = new TestService().name("b").fragment(TWO);
    assertThat(claims.update(changed.service(), changed).isEmpty()).isTrue();
    // When its turn comes, it comes with what it is then.
    assertThat(claims.update(owner.service(), null).addresses())
        .hasToString("[" + CLUSTER_IP + "]");
    AddressClaims.Owner now = claims.owner(changed.ports().getFirst().frontends().firstKey());
    assertThat(now).isNotNull();
    assertThat(now.port().cluster().size()).isEqualTo(2);
  }
}
