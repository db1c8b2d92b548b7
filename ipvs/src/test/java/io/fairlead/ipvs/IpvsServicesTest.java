package io.fairlead.ipvs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.TrafficPolicy;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class IpvsServicesTest {

  private final World world = new World();

  private static Sample web() {
    return Sample.named("web").clusterIp("10.96.0.10");
  }

  @Test
  void rulesComeBeforeServersAndServersBeforeRoutes() throws Exception {
    world.commit();
    assertThat(world.commitAll(web().here("10.244.1.2").elsewhere("10.244.2.2")))
        .isEqualTo(
            """
            add element inet fairlead-ipvs virtual-server-ipv4 { 10.96.0.10 . tcp . 80 }
            add element inet fairlead-ipvs masquerade-outside-ipv4 { 10.96.0.10 . tcp . 80 }
            add element inet fairlead-ipvs virtual-ipv4 { 10.96.0.10 }
            add element inet fairlead-ipvs hairpin-ipv4 { 10.244.1.2 . 10.244.1.2 }
            add virtual server 10.96.0.10:80/tcp rr
            add real server 10.244.1.2:8080 weight 1 to 10.96.0.10:80/tcp
            add real server 10.244.2.2:8080 weight 1 to 10.96.0.10:80/tcp
            add route local 10.96.0.10/32 dev 1 src 192.0.2.1 table 255 proto 102 scope 254\
            """);
    world.delete("web");
    assertThat(world.commitAll())
        .isEqualTo(
            """
            delete virtual server 10.96.0.10:80/tcp
            delete route local 10.96.0.10/32 dev 1 src 192.0.2.1 table 255 proto 102 scope 254
            delete element inet fairlead-ipvs virtual-server-ipv4 { 10.96.0.10 . tcp . 80 }
            delete element inet fairlead-ipvs masquerade-outside-ipv4 { 10.96.0.10 . tcp . 80 }
            delete element inet fairlead-ipvs virtual-ipv4 { 10.96.0.10 }
            delete element inet fairlead-ipvs hairpin-ipv4 { 10.244.1.2 . 10.244.1.2 }\
            """);
    assertThat(world.kernel()).isEqualTo("routes []\n");
  }

  @Test
  void aReplacedEndpointIsTwoMessagesNowAndOneLater() throws Exception {
    world.commit(web().elsewhere("10.244.2.2", "10.244.2.3"));
    int before = world.ipvs.messages();
    assertThat(world.commit(web().elsewhere("10.244.2.3", "10.244.2.4")))
        .isEqualTo(
            """
            add real server 10.244.2.4:8080 weight 1 to 10.96.0.10:80/tcp
            change real server 10.244.2.2:8080 weight 0 of 10.96.0.10:80/tcp\
            """);
    assertThat(world.ipvs.messages() - before).isEqualTo(2);
    assertThat(world.pass(1))
        .isEqualTo("delete real server 10.244.2.2:8080 from 10.96.0.10:80/tcp");
    assertThat(world.services.isPending()).isFalse();
  }

  @Test
  @DisplayName("UDP and SCTP endpoints go at once (services 53)")
  void endpointsWithoutConnections() throws Exception {
    for (Protocol protocol : new Protocol[] {Protocol.UDP, Protocol.SCTP}) {
      Sample dns = web().port(protocol, 53);
      world.commit(dns.elsewhere("10.244.2.2", "10.244.2.3"));
      assertThat(world.commit(web().port(protocol, 53).elsewhere("10.244.2.2")))
          .isEqualTo(
              "delete real server 10.244.2.3:8080 from 10.96.0.10:53/"
                  + protocol.name().toLowerCase(Locale.ROOT));
      assertThat(world.services.draining()).isZero();
    }
  }

  @Test
  @DisplayName("Clients inside have a server of their own under policy Local (services 25)")
  void insideAndOutside() throws Exception {
    world.commit(
        web()
            .balancerIp("203.0.113.9")
            .nodePort(30080)
            .external(TrafficPolicy.LOCAL)
            .here("10.244.1.2")
            .elsewhere("10.244.2.2"));
    assertThat(world.kernel())
        .isEqualTo(
            """
            10.96.0.10:80/tcp rr
              10.244.1.2:8080 weight 1
              10.244.2.2:8080 weight 1
            192.0.2.1:30080/tcp rr
              10.244.1.2:8080 weight 1
            203.0.113.9:80/tcp rr
              10.244.1.2:8080 weight 1
            mark 0x46000001 (IPv4) rr
              10.244.1.2:8080 weight 1
              10.244.2.2:8080 weight 1
            10.96.0.10:80/tcp: virtual masquerade ALL_BUT_LOCAL_PODS served
            192.0.2.1:30080/tcp: shared masquerade NODE mark 0x46000001 served
            203.0.113.9:80/tcp: virtual masquerade NODE mark 0x46000001 served
            routes [10.96.0.10, 203.0.113.9]
            """);
  }
}
