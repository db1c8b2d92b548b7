package io.fairlead.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.TrafficPolicy;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The node's own addresses: node ports, and Services' addresses that the node has itself. */
class NodePlacesTest {

  private final World world = new World();

  private static Sample ports() {
    return Sample.named("ports")
        .clusterIp("10.96.0.10", "fd00:96::a")
        .nodePort(30080)
        .elsewhere("10.244.2.2", "fd00:244:2::2");
  }

  @Test
  @DisplayName("Node ports follow the node's addresses (services 36)")
  void addressesComeAndGo() throws Exception {
    world.commit(ports(), Sample.named("web").clusterIp("10.96.0.11").here("10.244.1.2"));
    String before = world.kernel();
    world.own("192.0.2.1", "192.0.2.2", "2001:db8::1");
    assertThat(world.services.isPending()).isTrue();
    assertThat(world.commit())
        .isEqualTo(
            """
            add virtual server 192.0.2.2:30080/tcp rr
            add real server 10.244.2.2:8080 weight 1 to 192.0.2.2:30080/tcp\
            """);
    assertThat(world.services.isPending()).isFalse();
    world.own("192.0.2.1", "2001:db8::1");
    assertThat(world.commit()).isEqualTo("delete virtual server 192.0.2.2:30080/tcp");
    assertThat(world.kernel()).isEqualTo(before);
    world.services.distrustAddresses();
    assertThat(world.commitAll()).isEmpty();
  }

  @Test
  @DisplayName("A Service's address that the node has gets no route (services 54)")
  void ownAddress() throws Exception {
    Sample web =
        Sample.named("web").clusterIp("10.96.0.10").externalIp("192.0.2.1").here("10.244.1.2");
    world.commit(web);
    assertThat(world.routed().toString()).isEqualTo("[10.96.0.10]");
    assertThat(world.treatments()).contains("192.0.2.1:80/tcp: shared ");
    world.delete("web");
    world.commit();
    assertThat(world.kernel()).isEqualTo("routes []\n");
  }

  @Test
  @DisplayName("A Service's address that the node gets loses its route, and back (services 54)")
  void addressBecomesOwn() throws Exception {
    world.commit(
        Sample.named("web").clusterIp("10.96.0.10").balancerIp("203.0.113.9").here("10.244.1.2"));
    String before = world.kernel();
    world.own("192.0.2.1", "2001:db8::1", "203.0.113.9");
    assertThat(world.commit()).isEmpty();
    assertThat(world.treatments()).contains("203.0.113.9:80/tcp: shared ");
    assertThat(world.routed().toString()).isEqualTo("[10.96.0.10]");
    world.own("192.0.2.1", "2001:db8::1");
    world.commit();
    assertThat(world.kernel()).isEqualTo(before);
  }

  @Test
  @DisplayName(
      "Other ports of a Service's own address lead nowhere, never to the node (services 55)")
  void hostPorts() throws Exception {
    world.commit(
        Sample.named("web").clusterIp("10.96.0.10").externalIp("192.0.2.1").here("10.244.1.2"));
    assertThat(world.treatments())
        .contains("10.96.0.10:80/tcp: virtual ")
        .contains("192.0.2.1:80/tcp: shared ");
  }

  @Test
  void anAddressOfAServiceComesBeforeTheNodePortOfAnother() throws Exception {
    world.commit(ports());
    Sample web =
        Sample.named("web")
            .clusterIp("10.96.0.11")
            .externalIp("192.0.2.1")
            .port(Protocol.TCP, 30080)
            .here("10.244.1.2");
    world.commit(web);
    assertThat(world.ipvs.toString())
        .contains(
            "192.0.2.1:30080/tcp rr\n  10.244.1.2:8080 weight 1\n  10.244.2.2:8080 weight 0\n");
    world.delete("web");
    assertThat(world.commit())
        .contains("change real server 10.244.2.2:8080 weight 1 of 192.0.2.1:30080/tcp");
  }

  @Test
  void withoutAnAddressOfTheNodeThereIsNoServerByMarkForNodePorts() throws Exception {
    world.own();
    world.commit(
        Sample.named("web")
            .clusterIp("10.96.0.10")
            .nodePort(30080)
            .external(TrafficPolicy.LOCAL)
            .here("10.244.1.2"));
    assertThat(world.ipvs).hasToString("10.96.0.10:80/tcp rr\n  10.244.1.2:8080 weight 1\n");
    world.own("192.0.2.1");
    world.commit();
    assertThat(world.ipvs.toString())
        .contains("192.0.2.1:30080/tcp rr\n")
        .contains("mark 0x46000001 (IPv4) rr\n");
  }
}
