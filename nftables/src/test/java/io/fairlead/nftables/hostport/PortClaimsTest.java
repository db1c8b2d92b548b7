package io.fairlead.nftables.hostport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Protocol;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who gets a host port that two pods ask for. */
class PortClaimsTest {

  private static final PortOwner FIRST = new PortOwner("first", "default/first");
  private static final PortOwner SECOND = new PortOwner("second", "default/second");

  private final PortClaims claims = new PortClaims();

  /** "-" is every address of the family, such as 0.0.0.0 or nothing. */
  @ParameterizedTest(name = "{0} {1} {2} and {3} {4} {5}: taken {6}")
  @CsvSource({
    "IPV4, TCP, -, IPV4, TCP, -, true",
    "IPV4, TCP, -, IPV4, TCP, 192.0.2.1, true",
    "IPV4, TCP, 192.0.2.1, IPV4, TCP, -, true",
    "IPV4, TCP, 192.0.2.1, IPV4, TCP, 192.0.2.1, true",
    "IPV4, TCP, -, IPV4, TCP, 127.0.0.1, true",
    "IPV6, UDP, -, IPV6, UDP, 2001:db8::1, true",
    "IPV6, SCTP, 2001:db8::1, IPV6, SCTP, 2001:db8::1, true",
    "IPV4, TCP, 192.0.2.1, IPV4, TCP, 192.0.2.2, false",
    "IPV4, TCP, -, IPV4, UDP, -, false",
    "IPV4, TCP, -, IPV4, SCTP, -, false",
    "IPV4, TCP, -, IPV6, TCP, -, false",
    "IPV6, TCP, 2001:db8::1, IPV6, TCP, 2001:db8::2, false",
    "IPV4, TCP, -, IPV6, TCP, 2001:db8::1, false",
  })
  @DisplayName("A port is taken on the same family, protocol and address, or all (pod-network 37)")
  void overlap(
      AddressFamily family,
      Protocol protocol,
      String address,
      AddressFamily otherFamily,
      Protocol otherProtocol,
      String otherAddress,
      boolean taken)
      throws Exception {
    claims.claim(FIRST, List.of(forward(family, protocol, address, 2)));
    List<PortForward> other = List.of(forward(otherFamily, otherProtocol, otherAddress, 3));
    if (taken) {
      assertThatThrownBy(() -> claims.claim(SECOND, other))
          .isInstanceOf(PortTakenException.class)
          .hasMessageContaining("default/first");
      assertThat(claims.of("second")).isEmpty();
      claims.release("first");
    }
    claims.claim(SECOND, other);
    assertThat(claims.of("second")).hasSize(1);
  }

  private static PortForward forward(
      AddressFamily family, Protocol protocol, String address, int pod) {
    return address.equals("-")
        ? Forwards.of(family, protocol, 8080, pod)
        : Forwards.at(address, protocol, 8080, pod);
  }

  @Test
  void allOrNothing() throws Exception {
    claims.claim(FIRST, Forwards.of(Protocol.TCP, 8080, 2));

    List<PortForward> some =
        List.of(
            Forwards.of(AddressFamily.IPV4, Protocol.TCP, 9090, 3),
            Forwards.of(AddressFamily.IPV4, Protocol.TCP, 8080, 3));
    assertThatThrownBy(() -> claims.claim(SECOND, some)).isInstanceOf(PortTakenException.class);
    assertThat(claims.of("second")).isEmpty();
    claims.claim(new PortOwner("third", "third"), Forwards.of(Protocol.TCP, 9090, 4));
  }

  @Test
  @DisplayName("A pod may ask twice for the same, but not for two different things at one port")
  void ownOverlap() throws Exception {
    claims.claim(
        FIRST,
        List.of(
            Forwards.of(AddressFamily.IPV4, Protocol.TCP, 8080, 2),
            Forwards.of(AddressFamily.IPV4, Protocol.TCP, 8080, 2),
            Forwards.at("192.0.2.1", Protocol.TCP, 8080, 2)));
    assertThat(claims.of("first")).hasSize(2);

    PortForward one = Forwards.of(AddressFamily.IPV4, Protocol.TCP, 9090, 3);
    PortForward two = new PortForward(one.at(), one.pod(), 81);
    assertThatThrownBy(() -> claims.claim(SECOND, List.of(one, two)))
        .isInstanceOf(PortTakenException.class)
        .hasMessageContaining("default/second");
  }

  @Test
  void countsPorts() throws Exception {
    claims.claim(FIRST, Forwards.both("", 8080, 2));
    claims.claim(SECOND, Forwards.both("192.0.2.1", 9090, 3));
    assertThat(claims.size()).isEqualTo(4);
    claims.release("first");
    assertThat(claims.size()).isEqualTo(2);
  }
}
