package io.fairlead.dataplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fairlead.dataplane.testing.Seed;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressTest {

  @ParameterizedTest
  @DisplayName("sloppy forms become canonical (services 8)")
  @CsvSource({
    "10.0.0.1, 10.0.0.1",
    "' 10.0.0.1 ', 10.0.0.1",
    "'\t10.0.0.1\n', 10.0.0.1",
    "010.001.000.009, 10.1.0.9",
    "0.0.0.0, 0.0.0.0",
    "255.255.255.255, 255.255.255.255",
    "0000000000010.0.0.1, 10.0.0.1",
    "fd00::1, fd00::1",
    "' FD00:0:0:0:0:0:0:1 ', fd00::1",
    "fd00:0000:0000:0001:0000:0000:0000:0001, fd00:0:0:1::1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "::, ::",
    "::1, ::1",
    "1::, 1::",
    "0:0:0:0:0:0:1:0, ::1:0",
    "::ffff:10.0.0.1, 10.0.0.1",
    "::ffff:a00:1, 10.0.0.1",
    "64:ff9b::10.0.0.1, 64:ff9b::a00:1",
  })
  void isReadAs(String text, String canonical) {
    assertThat(IpAddress.parse(text)).hasToString(canonical);
    assertThat(IpAddress.parse(canonical)).isEqualTo(IpAddress.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "10",
        "10.0.0",
        "10.0.0.",
        ".10.0.0",
        "10.0.0.1.2",
        "10.0.0.256",
        "10.0.0.-1",
        "10.0.0.+1",
        "10.0.0.1e1",
        "0x0a.0.0.1",
        "10. 0.0.1",
        "10.0.0.1/24",
        "localhost",
        "example.org",
        ":",
        ":::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "fd00::1::2",
        "fd00::g",
        "12345::",
        "[fd00::1]",
        "fe80::1%eth0",
        "fd00::1/64",
        "::ffff:10.0.0.256",
        "10.0.0.4294967297",
        "١٠.0.0.1"
      })
  void isNoAddress(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> IpAddress.parse(text))
        .withMessageStartingWith("\"" + text.strip());
  }

  @Test
  void textAgreesWithTheJdkAndComesBack() throws UnknownHostException {
    RandomGenerator random = Seed.generator("IpAddressTest.textAgrees");
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextInt(3) == 0 ? 4 : 16];
      random.nextBytes(bytes);
      for (int at = random.nextInt(bytes.length);
          random.nextInt(5) > 0 && at < bytes.length;
          at++) {
        bytes[at] = 0;
      }
      IpAddress address = IpAddress.of(bytes);
      assertThat(address.bytes()).isEqualTo(bytes);
      if (isMapped(bytes)) {
        continue;
      }
      InetAddress theirs = InetAddress.getByAddress(bytes);
      assertThat(InetAddress.ofLiteral(address.toString())).isEqualTo(theirs);
      assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
      assertThat(IpAddress.parse(theirs.getHostAddress())).isEqualTo(address);
      assertThat(address.toString().length())
          .as("never longer than the JDK's uncompressed text")
          .isLessThanOrEqualTo(theirs.getHostAddress().length());
    }
  }

  private static boolean isMapped(byte[] bytes) {
    return bytes.length == 16
        && new BigInteger(1, bytes).shiftRight(32).equals(BigInteger.valueOf(0xffff));
  }

  @Test
  void arithmeticIsThatOfWholeNumbers() {
    RandomGenerator random = Seed.generator("IpAddressTest.arithmetic");
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(bytes);
      IpAddress address = IpAddress.of(bytes);
      int width = bytes.length * 8;
      BigInteger number = new BigInteger(1, bytes);
      long offset = random.nextInt(3) == 0 ? random.nextLong() : random.nextInt(-300, 300);
      assertThat(number(address.plus(offset)))
          .isEqualTo(number.add(BigInteger.valueOf(offset)).mod(BigInteger.TWO.pow(width)));
      int length = random.nextInt(width + 1);
      BigInteger host = BigInteger.TWO.pow(width - length);
      assertThat(number(address.masked(length))).isEqualTo(number.divide(host).multiply(host));
      int index = random.nextInt(width);
      assertThat(address.bit(index)).isEqualTo(number.testBit(width - 1 - index));
    }
  }

  private static BigInteger number(IpAddress address) {
    return new BigInteger(1, address.bytes());
  }

  @Test
  void orderIsByFamilyThenByNumber() {
    List<String> sorted =
        List.of("0.0.0.0", "10.0.0.2", "10.0.0.10", "200.0.0.1", "::", "::2", "fd00::1", "fe80::");
    List<IpAddress> addresses = new ArrayList<>(sorted.stream().map(IpAddress::parse).toList());
    Collections.reverse(addresses);
    Collections.sort(addresses);
    assertThat(addresses.stream().map(IpAddress::toString)).containsExactlyElementsOf(sorted);
  }

  @Test
  void onlyFourOrSixteenBytesAreAnAddress() {
    for (int length : new int[] {0, 3, 5, 15, 17}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> IpAddress.of(new byte[length]))
          .withMessage("an IP address has 4 or 16 bytes, not " + length);
    }
  }
}
