package io.fairlead.cni.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressRangeTest {

  private static List<String> drain(AddressRange range) {
    List<String> addresses = new ArrayList<>();
    for (IpAddress next = range.next(_ -> false); next != null; next = range.next(_ -> false)) {
      range.take(next);
      addresses.add(next.toString());
    }
    return addresses;
  }

  @ParameterizedTest
  @DisplayName("gateway, network and broadcast are never handed out (pod-network 19)")
  @CsvSource({
    "10.0.0.8/29, 10.0.0.9, '10.0.0.10 10.0.0.11 10.0.0.12 10.0.0.13 10.0.0.14'",
    "10.0.0.0/30, 10.0.0.1, 10.0.0.2",
    "10.0.0.0/31, 10.0.0.0, 10.0.0.1",
    "10.0.0.7/32, 10.0.0.7, ''",
    "fd00::/126, fd00::1, 'fd00::2 fd00::3'",
    "fd00::/127, fd00::, fd00::1",
    "fd00::7/128, fd00::7, ''",
    "255.255.255.252/30, 255.255.255.253, 255.255.255.254",
  })
  void whatIsHandedOut(String cidr, String gateway, String addresses) {
    AddressRange range = new AddressRange(Cidr.parse(cidr));
    List<String> expected = addresses.isEmpty() ? List.of() : List.of(addresses.split(" "));
    assertThat(range.gateway()).hasToString(gateway);
    assertThat(range.size()).isEqualTo(expected.size());
    assertThat(drain(range)).isEqualTo(expected);
    assertThat(range.used()).isEqualTo(expected.size());
  }

  @Test
  @DisplayName("a just-released address is the last to be used again (pod-network 20)")
  void lateReuse() {
    AddressRange range = new AddressRange(Cidr.parse("10.0.0.0/29"));
    drain(range);
    range.release(IpAddress.parse("10.0.0.5"));
    range.release(IpAddress.parse("10.0.0.2"));
    range.release(IpAddress.parse("10.0.0.4"));
    assertThat(drain(range)).containsExactly("10.0.0.5", "10.0.0.2", "10.0.0.4");
  }

  @Test
  void releasingTwiceOrWhatWasNeverTakenChangesNothing() {
    AddressRange range = new AddressRange(Cidr.parse("10.0.0.0/30"));
    range.release(IpAddress.parse("10.0.0.2"));
    range.release(IpAddress.parse("10.0.0.1"));
    assertThat(drain(range)).containsExactly("10.0.0.2");
  }

  @Test
  void veryLargeRangesCostNothing() {
    AddressRange range = new AddressRange(Cidr.parse("fd00::/8"));
    assertThat(range.size()).isEqualTo((1L << 32) - 2);
    assertThat(range.next(_ -> false)).hasToString("fd00::2");
    assertThat(new AddressRange(Cidr.parse("0.0.0.0/0")).next(_ -> false)).hasToString("0.0.0.2");
  }
}
