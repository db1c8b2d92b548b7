package io.fairlead.cni.attachment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.testing.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsTextTest {

  @Test
  @DisplayName("any options are read as they were written, and are one word (faults 40)")
  void roundTrip() {
    RandomGenerator random = Seed.generator("OptionsTextTest");
    for (int i = 0; i < 5000; i++) {
      AttachmentOptions options = options(random);
      String word = OptionsText.write(options);
      assertThat(word).isNotEmpty().doesNotContainAnyWhitespaces();
      assertThat(OptionsText.read(word)).isEqualTo(options);
    }
  }

  private static AttachmentOptions options(RandomGenerator random) {
    PortOptions port =
        new PortOptions(
            random.nextBoolean() ? 0 : random.nextInt(68, 65536),
            random.nextBoolean() ? null : new MacAddress(random.nextLong(1L << 48)),
            random.nextBoolean(),
            random.nextBoolean(),
            random.nextBoolean(),
            random.nextBoolean());
    List<HostPort> ports = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      ports.add(
          new HostPort(
              List.of(Protocol.values()).get(random.nextInt(Protocol.values().length)),
              address(random),
              random.nextInt(1, 65536),
              random.nextInt(1, 65536)));
    }
    Bandwidth bandwidth =
        random.nextBoolean()
            ? Bandwidth.UNLIMITED
            : new Bandwidth(rate(random), rate(random), rate(random), rate(random));
    return new AttachmentOptions(port, ports, bandwidth);
  }

  private static @Nullable IpAddress address(RandomGenerator random) {
    byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
    random.nextBytes(bytes);
    return random.nextInt(3) == 0 ? null : IpAddress.of(bytes);
  }

  private static long rate(RandomGenerator random) {
    return random.nextLong() >>> random.nextInt(1, 64);
  }

  @Test
  void theDefaultIsADash() {
    assertThat(OptionsText.write(AttachmentOptions.DEFAULT)).isEqualTo("-");
    assertThat(OptionsText.read("-")).isEqualTo(AttachmentOptions.DEFAULT);
  }

  @ParameterizedTest
  @DisplayName("what is no options is refused, not guessed (faults 40)")
  @ValueSource(
      strings = {
        "mtu",
        "mtu=x",
        "mtu=12",
        "mac=zz",
        "port=tcp,1",
        "port=icmp,1,1,-",
        "port=tcp,0,80,-",
        "bandwidth=1,2,3",
        "bandwidth=1,2,3,-4",
        "later=1",
        ";"
      })
  void damaged(String word) {
    assertThatIllegalArgumentException().isThrownBy(() -> OptionsText.read(word));
  }
}
