package io.fairlead.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.TrafficPolicy;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What a Service becomes: how its addresses are treated, and its servers. */
class PoliciesTest {

  private final World world = new World();

  private static Sample web() {
    return Sample.named("web").clusterIp("10.96.0.10").balancerIp("203.0.113.9").nodePort(30080);
  }

  private String kernel(Sample sample) throws Exception {
    world.commit(sample);
    return world.kernel();
  }

  @Test
  @DisplayName("Policy Cluster: all clients to all endpoints (services 27)")
  void cluster() throws Exception {
    assertThat(kernel(web().externalIp("198.51.100.9").elsewhere("10.244.2.2")))
        .isEqualTo(
            """
            10.96.0.10:80/tcp rr
              10.244.2.2:8080 weight 1
            192.0.2.1:30080/tcp rr
              10.244.2.2:8080 weight 1
            198.51.100.9:80/tcp rr
              10.244.2.2:8080 weight 1
            203.0.113.9:80/tcp rr
              10.244.2.2:8080 weight 1
            10.96.0.10:80/tcp: virtual masquerade ALL_BUT_LOCAL_PODS served
            192.0.2.1:30080/tcp: shared masquerade EVERYBODY served
            198.51.100.9:80/tcp: virtual masquerade EVERYBODY served
            203.0.113.9:80/tcp: virtual masquerade EVERYBODY served
            routes [10.96.0.10, 198.51.100.9, 203.0.113.9]
            """);
  }

  @Test
  @DisplayName(
      "External policy Local without local endpoints: outside is dropped (services 24, 25)")
  void remoteOnly() throws Exception {
    assertThat(kernel(web().external(TrafficPolicy.LOCAL).elsewhere("10.244.2.2")))
        .isEqualTo(
            """
            10.96.0.10:80/tcp rr
              10.244.2.2:8080 weight 1
            mark 0x46000001 (IPv4) rr
              10.244.2.2:8080 weight 1
            10.96.0.10:80/tcp: virtual masquerade ALL_BUT_LOCAL_PODS served
            192.0.2.1:30080/tcp: shared masquerade NODE mark 0x46000001 outside DROP
            203.0.113.9:80/tcp: virtual masquerade NODE mark 0x46000001 outside DROP
            routes [10.96.0.10, 203.0.113.9]
            """);
  }

  @Test
  @DisplayName("Internal policy Local: no fallback to other nodes (services 24, 29)")
  void internalLocal() throws Exception {
    assertThat(kernel(web().internal(TrafficPolicy.LOCAL).elsewhere("10.244.2.2")))
        .startsWith("192.0.2.1:30080/tcp rr\n")
        .contains(
            "10.96.0.10:80/tcp: virtual masquerade ALL_BUT_LOCAL_PODS inside DROP outside DROP\n");
    assertThat(
            kernel(web().internal(TrafficPolicy.LOCAL).here("10.244.1.2").elsewhere("10.244.2.2")))
        .startsWith("10.96.0.10:80/tcp rr\n  10.244.1.2:8080 weight 1\n192.0.2.1");
  }

  @Test
  @DisplayName("Without endpoints everybody is refused (services 23)")
  void nobody() throws Exception {
    assertThat(kernel(web().external(TrafficPolicy.LOCAL)))
        .isEqualTo(
            """
            10.96.0.10:80/tcp: virtual masquerade ALL_BUT_LOCAL_PODS inside REFUSE outside REFUSE
            192.0.2.1:30080/tcp: shared masquerade NODE mark 0x46000001 inside REFUSE outside REFUSE
            203.0.113.9:80/tcp: virtual masquerade NODE mark 0x46000001 inside REFUSE outside REFUSE
            routes [10.96.0.10, 203.0.113.9]
            """);
  }

  @Test
  @DisplayName("Source ranges hold for the balancer's address only (services 30)")
  void ranges() throws Exception {
    assertThat(kernel(web().ranges("192.0.2.0/24").elsewhere("10.244.2.2")))
        .contains("203.0.113.9:80/tcp: virtual masquerade EVERYBODY from [192.0.2.0/24] served\n")
        .contains("192.0.2.1:30080/tcp: shared masquerade EVERYBODY served\n");
  }

  @Test
  @DisplayName("Ranges that admit the node do so by any of its addresses (services 30)")
  void rangesWithTheNode() throws Exception {
    Sample web = web().ranges("172.31.0.0/24").elsewhere("10.244.2.2");
    assertThat(kernel(web)).contains("EVERYBODY from [172.31.0.0/24] served\n");
    world.services.sources(List.of(IpAddress.parse("192.0.2.1"), IpAddress.parse("172.31.0.1")));
    assertThat(world.services.isPending()).isTrue();
    world.commit();
    assertThat(world.treatments())
        .contains("EVERYBODY from [172.31.0.0/24, 192.0.2.1/32] served\n");
  }

  @Test
  @DisplayName("Endpoints that still serve while they terminate are better than none (services 15)")
  void terminating() throws Exception {
    world.commit(Sample.named("web").clusterIp("10.96.0.10").drainingHere("10.244.1.2"));
    assertThat(world.ipvs).hasToString("10.96.0.10:80/tcp rr\n  10.244.1.2:8080 weight 1\n");
  }

  @Test
  @DisplayName("A change of policy makes before it breaks (services 29)")
  void policyChanges() throws Exception {
    world.commit(web().elsewhere("10.244.2.2").here("10.244.1.2"));
    assertThat(
            world.commit(
                web().external(TrafficPolicy.LOCAL).elsewhere("10.244.2.2").here("10.244.1.2")))
        .isEqualTo(
            """
            add virtual server mark 0x46000001 (IPv4) rr
            add real server 10.244.1.2:8080 weight 1 to mark 0x46000001 (IPv4)
            add real server 10.244.2.2:8080 weight 1 to mark 0x46000001 (IPv4)
            change real server 10.244.2.2:8080 weight 0 of 192.0.2.1:30080/tcp
            change real server 10.244.2.2:8080 weight 0 of 203.0.113.9:80/tcp\
            """);
  }

  @Test
  void anEndpointChangesInEveryServerThatHasIt() throws Exception {
    Sample before = web().external(TrafficPolicy.LOCAL).elsewhere("10.244.2.2");
    Sample after = web().external(TrafficPolicy.LOCAL).elsewhere("10.244.2.3");
    world.commit(before);
    int messages = world.ipvs.messages();
    assertThat(world.commit(after))
        .isEqualTo(
            """
            add real server 10.244.2.3:8080 weight 1 to 10.96.0.10:80/tcp
            add real server 10.244.2.3:8080 weight 1 to mark 0x46000001 (IPv4)
            change real server 10.244.2.2:8080 weight 0 of 10.96.0.10:80/tcp
            change real server 10.244.2.2:8080 weight 0 of mark 0x46000001 (IPv4)\
            """);
    assertThat(world.ipvs.messages() - messages).isEqualTo(4);
    world.ipvs.takeApplied();
    world.pass(1);
    assertThat(world.ipvs.takeApplied()).as("one more each").hasSize(2);
  }
}
