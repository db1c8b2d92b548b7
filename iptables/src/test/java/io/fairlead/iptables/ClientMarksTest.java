package io.fairlead.iptables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.service.Frontend.Masquerade;
import io.fairlead.iptables.rule.Match;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientMarksTest {

  private static final Match FIRST = new Match.Source(Cidr.parse("10.244.1.0/24"), false);
  private static final Match SECOND = new Match.Source(Cidr.parse("10.245.1.0/24"), false);
  private static final Match BRIDGE = new Match.InInterface("cni+", false);

  private static ClientMarks marks(String pods) {
    return new ClientMarks(
        0x4000,
        switch (pods) {
          case "none" -> List.of();
          case "network" -> List.of(FIRST);
          case "networks" -> List.of(FIRST, SECOND);
          case "interface" -> List.of(BRIDGE);
          default -> throw new AssertionError(pods);
        });
  }

  @ParameterizedTest(name = "{0}, pods known by {1}: {2}")
  @DisplayName("whose packets are marked (services 26, 27, 28)")
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "NOBODY | network | -",
        "NODE | network | -p tcp -m addrtype --src-type LOCAL -j MARK --set-xmark 0x4000/0x4000",
        "EVERYBODY | network | -p tcp -j MARK --set-xmark 0x4000/0x4000",
        "ALL_BUT_LOCAL_PODS | none | -p tcp -j MARK --set-xmark 0x4000/0x4000",
        "ALL_BUT_LOCAL_PODS | network"
            + " | ! -s 10.244.1.0/24 -p tcp -j MARK --set-xmark 0x4000/0x4000",
        "ALL_BUT_LOCAL_PODS | interface | ! -i cni+ -p tcp -j MARK --set-xmark 0x4000/0x4000",
        "ALL_BUT_LOCAL_PODS | networks | -p tcp -j FAIRLEAD-MARK-OUTSIDE",
      })
  void whoIsMarked(Masquerade masquerade, String pods, String rule) {
    List<Match> matches = List.of(new Match.ProtocolIs(Protocol.TCP));
    assertThat(marks(pods).rules(masquerade, matches).stream().map(Object::toString).toList())
        .isEqualTo(rule == null ? List.of() : List.of(rule));
  }

  @ParameterizedTest(name = "pods known by {0}, endpoint {1}: {2}")
  @DisplayName("only an endpoint that may be a pod of this node can reach itself (services 33)")
  @CsvSource({
    "network, 10.244.1.7, true",
    "network, 10.244.2.7, false",
    "networks, 10.245.1.7, true",
    "networks, 10.246.1.7, false",
    "interface, 10.244.2.7, true",
    "none, 10.244.2.7, true",
  })
  void whoMayReachItself(String pods, String endpoint, boolean may) {
    assertThat(marks(pods).mayBeLocal(IpAddress.parse(endpoint))).isEqualTo(may);
  }
}
