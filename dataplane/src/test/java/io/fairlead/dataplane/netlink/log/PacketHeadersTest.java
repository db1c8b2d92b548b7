package io.fairlead.dataplane.netlink.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.testing.Seed;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketHeadersTest {

  private static final String ADDRESSES4 = "0af40102 0af40103";
  private static final String ADDRESSES6 =
      "fd000244000000000000000000000002 fd000244000000000000000000000003";
  private static final String PORTS = "9c40 0050";

  private static ByteBuffer packet(String hex) {
    return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private static String ipv4(String versionAndLength, String fragment, String protocol) {
    return versionAndLength
        + " 00 0040 0001 "
        + fragment
        + " 40 "
        + protocol
        + " 0000 "
        + ADDRESSES4;
  }

  private static String ipv6(String next) {
    return "60000000 0040 " + next + " 40 " + ADDRESSES6;
  }

  private static PacketHeaders headers(String hex) throws MalformedMessageException {
    PacketHeaders headers = PacketHeaders.of(packet(hex));
    boolean ipv4 = hex.startsWith("4");
    assertThat(headers.source()).isEqualTo(IpAddress.parse(ipv4 ? "10.244.1.2" : "fd00:244::2"));
    assertThat(headers.destination())
        .isEqualTo(IpAddress.parse(ipv4 ? "10.244.1.3" : "fd00:244::3"));
    return headers;
  }

  private static String text(PacketHeaders headers) {
    return headers.protocol() + " " + headers.sourcePort() + " " + headers.destinationPort();
  }

  @ParameterizedTest
  @CsvSource({
    "TCP, 45, 4000, 06, 6 40000 80",
    "UDP, 45, 0000, 11, 17 40000 80",
    "SCTP, 45, 0000, 84, 132 40000 80",
    "ICMP, 45, 0000, 01, 1 -1 -1",
    "the first fragment, 45, 2000, 11, 17 40000 80",
    "a later fragment, 45, 2001, 11, 17 -1 -1",
    "the last fragment, 45, 0001, 06, 6 -1 -1",
  })
  void ipv4(String name, String length, String fragment, String protocol, String expected)
      throws Exception {
    assertThat(text(headers(ipv4(length, fragment, protocol) + PORTS)))
        .as(name)
        .isEqualTo(expected);
  }

  @Test
  void optionsOfIpv4ArePassedOver() throws Exception {
    assertThat(text(headers(ipv4("47", "0000", "06") + "01010101 01010100" + PORTS)))
        .isEqualTo("6 40000 80");
    assertThat(text(headers(ipv4("4f", "0000", "06") + "01010101")))
        .as("cut off within the options")
        .isEqualTo("6 -1 -1");
  }

  @ParameterizedTest
  @CsvSource({
    "TCP, 06, '', 6 40000 80",
    "ICMPv6, 3a, '', 58 -1 -1",
    "nothing follows, 3b, '', 59 -1 -1",
    "hop-by-hop options, 00, 06000000 00000000, 6 40000 80",
    "longer options, 3c, 11010000 00000000 00000000 00000000, 17 40000 80",
    "routing and options, 2b, 3c000000 00000000 06000000 00000000, 6 40000 80",
    "the first fragment, 2c, 11000001 00000001, 17 40000 80",
    "a later fragment, 2c, 11000008 00000001, 17 -1 -1",
    "a later fragment of what has options, 2c, 3c000008 00000001, 60 -1 -1",
    "authentication, 33, 06010000 00000000 00000000, 6 40000 80",
    "encryption, 32, '', 50 -1 -1",
  })
  void ipv6(String name, String next, String extensions, String expected) throws Exception {
    assertThat(text(headers(ipv6(next) + extensions + PORTS))).as(name).isEqualTo(expected);
  }

  @Test
  void whatIsCutOffHasNoPorts() throws Exception {
    assertThat(text(headers(ipv4("45", "0000", "06")))).isEqualTo("6 -1 -1");
    assertThat(text(headers(ipv4("45", "0000", "06") + "9c4000"))).isEqualTo("6 -1 -1");
    assertThat(text(headers(ipv6("06") + "9c40"))).isEqualTo("6 -1 -1");
    assertThat(text(headers(ipv6("00") + "06ff0000 00000000"))).isEqualTo("6 -1 -1");
    assertThat(text(headers(ipv6("00") + "06"))).isEqualTo("0 -1 -1");
  }

  @ParameterizedTest
  @CsvSource({"''", "45", "44000040000100004006000000000000 00000000", "60000000", "00112233"})
  void withoutAWholeHeaderThereIsNothingToTell(String hex) {
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> PacketHeaders.of(packet(hex)));
  }

  @Test
  @DisplayName("whatever the bytes are, nothing else is thrown (faults 40)")
  void random() {
    RandomGenerator random = Seed.generator("PacketHeadersTest.random");
    int understood = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] content = new byte[random.nextInt(129)];
      random.nextBytes(content);
      if (content.length > 6 && random.nextInt(4) > 0) {
        content[0] = (byte) (random.nextBoolean() ? 0x40 | random.nextInt(16) : 0x60);
        content[6] =
            random.nextBoolean()
                ? (byte) new int[] {0, 43, 44, 51, 60}[random.nextInt(5)]
                : content[6];
      }
      try {
        assertThat(PacketHeaders.of(ByteBuffer.wrap(content)).destinationPort())
            .isBetween(-1, 65535);
        understood++;
      } catch (MalformedMessageException e) {
        assertThat(e).hasMessageStartingWith("a packet of ");
      }
    }
    assertThat(understood).isBetween(10_000, 50_000);
  }
}
