package io.fairlead.dataplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fairlead.dataplane.testing.Seed;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CidrTest {

  @ParameterizedTest
  @DisplayName("sloppy forms become canonical (services 8)")
  @CsvSource({
    "10.244.0.0/16, 10.244.0.0/16",
    "' 10.244.1.7/16 ', 10.244.0.0/16",
    "010.001.0.0/16, 10.1.0.0/16",
    "10.0.0.1/32, 10.0.0.1/32",
    "1.2.3.4/0, 0.0.0.0/0",
    "10.0.0.0/08, 10.0.0.0/8",
    "fd00::1/64, fd00::/64",
    "FD00:1:2:3::/48, fd00:1:2::/48",
    "::1/128, ::1/128",
    "fd00::1/0, ::/0",
    "::ffff:10.0.0.1/24, 10.0.0.0/24",
  })
  void isReadAs(String text, String canonical) {
    assertThat(Cidr.parse(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "10.0.0.0",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/+8",
        "10.0.0.0/8/8",
        "10.0.0.0/a",
        "10.0.0.0/ 8",
        "fd00::/129",
        "fd00::/1000",
        "name/8",
        "10.0.0.0/255.0.0.0"
      })
  void isNoCidr(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Cidr.parse(text))
        .withMessageContaining("is not a");
  }

  @Test
  void containsWhatSharesItsPrefix() {
    RandomGenerator random = Seed.generator("CidrTest.contains");
    for (int i = 0; i < 10_000; i++) {
      byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
      random.nextBytes(bytes);
      IpAddress address = IpAddress.of(bytes);
      int width = bytes.length * 8;
      Cidr cidr = new Cidr(address, random.nextInt(width + 1));
      assertThat(cidr.contains(address)).isTrue();
      assertThat(Cidr.parse(cidr.toString())).isEqualTo(cidr);
      int flipped = random.nextInt(width);
      bytes[flipped / 8] ^= (byte) (0x80 >> flipped % 8);
      assertThat(cidr.contains(IpAddress.of(bytes))).isEqualTo(flipped >= cidr.prefixLength());
      Cidr inner = new Cidr(address, random.nextInt(cidr.prefixLength(), width + 1));
      assertThat(cidr.contains(inner)).isTrue();
      assertThat(inner.contains(cidr)).isEqualTo(inner.equals(cidr));
      assertThat(cidr.overlaps(inner) && inner.overlaps(cidr)).isTrue();
    }
  }

  @Test
  void familiesNeverMix() {
    Cidr v4 = Cidr.parse("0.0.0.0/0");
    Cidr v6 = Cidr.parse("::/0");
    assertThat(v4.contains(IpAddress.parse("::1"))).isFalse();
    assertThat(v6.contains(IpAddress.parse("10.0.0.1"))).isFalse();
    assertThat(v4.overlaps(v6)).isFalse();
    assertThat(v4).isLessThan(v6);
    assertThat(Cidr.host(IpAddress.parse("fd00::1"))).hasToString("fd00::1/128");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Cidr(IpAddress.parse("10.0.0.0"), 64))
        .withMessage("/64 is not a prefix length of IPv4");
  }

  @ParameterizedTest
  @DisplayName("prefixes within others are left out, the rest is in order")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                                         | []
          10.0.0.0/8                                 | [10.0.0.0/8]
          10.0.0.0/8 10.0.0.0/8                      | [10.0.0.0/8]
          10.1.0.0/16 10.0.0.0/8 10.1.2.0/24 9.0.0.0/8 | [9.0.0.0/8, 10.0.0.0/8]
          10.0.0.0/9 10.128.0.0/9                    | [10.0.0.0/9, 10.128.0.0/9]
          0.0.0.0/0 fd00::/8 10.0.0.0/8 fd01::/16    | [0.0.0.0/0, fd00::/8]
          10.0.0.0/8 10.0.0.0/24 10.0.1.0/24 11.0.0.0/8 | [10.0.0.0/8, 11.0.0.0/8]
          """)
  void disjoint(String given, String kept) {
    List<Cidr> cidrs =
        given.isEmpty() ? List.of() : Arrays.stream(given.split(" ", -1)).map(Cidr::parse).toList();
    assertThat(Cidr.disjoint(cidrs)).hasToString(kept);
  }
}
