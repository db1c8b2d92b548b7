package io.fairlead.dataplane.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fairlead.dataplane.testing.Seed;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MacAddressTest {

  @ParameterizedTest
  @CsvSource({
    "0a:58:0a:f4:01:02, 0a:58:0a:f4:01:02",
    "' 0A:58:0A:F4:01:02 ', 0a:58:0a:f4:01:02",
    "00:00:00:00:00:00, 00:00:00:00:00:00",
    "ff:ff:ff:ff:ff:ff, ff:ff:ff:ff:ff:ff",
  })
  void isReadAs(String text, String canonical) {
    assertThat(MacAddress.parse(text)).hasToString(canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0a:58:0a:f4:01",
        "0a:58:0a:f4:01:02:03",
        "0a-58-0a-f4-01-02",
        "a:58:0a:f4:01:02",
        "0a:58:0a:f4:01:0g",
        "0a580af40102",
        "0a:58:0a:f4:01:02:"
      })
  void isNoMac(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> MacAddress.parse(text))
        .withMessage("\"" + text + "\" is not a MAC address; write it like 0a:58:0a:f4:01:02");
  }

  @Test
  void textAndBytesComeBack() {
    RandomGenerator random = Seed.generator("MacAddressTest");
    for (int i = 0; i < 5000; i++) {
      MacAddress address = new MacAddress(random.nextLong() >>> 16);
      assertThat(MacAddress.parse(address.toString())).isEqualTo(address);
      assertThat(MacAddress.of(address.bytes())).isEqualTo(address);
    }
    assertThatIllegalArgumentException().isThrownBy(() -> new MacAddress(1L << 48));
    assertThatIllegalArgumentException().isThrownBy(() -> new MacAddress(-1));
    assertThatIllegalArgumentException().isThrownBy(() -> MacAddress.of(new byte[5]));
  }
}
