package io.fairlead.dataplane.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.Frontend.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** loadBalancerSourceRanges, on a node with the addresses 192.168.0.1 and fd00:168::1. */
class SourceRangesTest {

  private static final ServiceNode NODE =
      new ServiceNode(
          "node-1",
          null,
          List.of(IpAddress.parse("192.168.0.1"), IpAddress.parse("fd00:168::1")),
          true,
          false);

  private static TestService dual() {
    return new TestService()
        .clusterIps("10.96.0.10 fd00::a")
        .balancerIps("192.0.2.1 2001:db8::1")
        .externalIps("198.51.100.1")
        .port("", Protocol.TCP, 80, 30080);
  }

  private static String allowed(ServicePortFragment port) {
    return port.frontends().values().stream()
        .filter(frontend -> frontend.kind() == Kind.LOAD_BALANCER)
        .map(frontend ->
            frontend.allowedSources() == null ? "all" : frontend.allowedSources().toString())
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest(name = "{0}")
  @DisplayName("who may use a load balancer's address (services 9, 13, 30)")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          one range                    | 203.0.113.0/24                   | [203.0.113.0/24]                  | all
          one of each family           | 203.0.113.0/24 fd01::/16         | [203.0.113.0/24]                  | [fd01::/16]
          of the other family only     | fd01::/16                        | all                               | [fd01::/16]
          services 9, everybody        | 0.0.0.0/0 203.0.113.0/24         | all                               | all
          services 9, of one family    | 0.0.0.0/0 fd01::/16              | all                               | [fd01::/16]
          services 9, of both          | 0.0.0.0/0 ::/0                   | all                               | all
          in order, once, none within another | 203.0.113.0/24 10.0.0.0/8 10.1.0.0/16 10.0.0.0/8 | [10.0.0.0/8, 203.0.113.0/24] | all
          halves are not one           | 128.0.0.0/2 192.0.0.0/8          | [128.0.0.0/2, 192.0.0.0/8]        | all
          services 30, the node's own  | 192.168.0.0/24                   | [192.0.2.1/32, 192.168.0.0/24]    | all
          services 30, the node's own6 | 192.168.1.0/24 fd00:168::/32     | [192.168.1.0/24]                  | [2001:db8::1/128, fd00:168::/32]
          services 30, and the VIP's   | 192.0.0.0/8                      | [192.0.0.0/8]                     | all
          nobody                       |                                  | []                                | []
          """)
  void ranges(String name, @Nullable String ranges, String ipv4, String ipv6) {
    List<ServicePortFragment> ports = dual().ranges(ranges).on(NODE).ports();
    assertThat(allowed(ports.getFirst())).as("IPv4").isEqualTo(ipv4);
    assertThat(allowed(ports.getLast())).as("IPv6").isEqualTo(ipv6);
  }

  @Test
  @DisplayName("node ports, external and cluster IPs are not concerned (services 30)")
  void others() {
    assertThat(dual().ranges("203.0.113.0/24").on(NODE).ports().getFirst().frontends().values())
        .filteredOn(frontend -> frontend.kind() != Kind.LOAD_BALANCER)
        .hasSize(3)
        .allSatisfy(frontend -> assertThat(frontend.allowedSources()).isNull());
  }

  @Test
  @DisplayName("without ranges everybody may (services 30)")
  void none() {
    assertThat(allowed(dual().on(NODE).ports().getFirst())).isEqualTo("all");
  }

  @Test
  @DisplayName("an address that the node gets or loses changes who may (services 30)")
  void nodeAddressAppears() {
    TestService service = dual().ranges("192.168.0.0/24");
    AddressClaims claims = new AddressClaims();
    ServiceFragment without = service.on(ServiceNode.named("node-1"));
    claims.update(without.service(), without);
    assertThat(claims.update(without.service(), service.on(NODE)).addresses())
        .hasToString("[192.0.2.1:80/tcp]");
  }
}
