package io.fairlead.cni.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.dataplane.testing.Seed;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ResponseFrameTest {

  @Test
  void goldenFrame() throws Exception {
    CniResponse response = new CniResponse(1, new byte[] {'a', 'b'}, new byte[] {'c'});
    byte[] frame = ResponseFrame.write(response);
    assertThat(HexFormat.of().formatHex(frame))
        .isEqualTo("464c4341" + "0001" + "0001" + "00000002" + "00000001" + "616263");
    assertThat(ResponseFrame.read(frame)).isEqualTo(response);
  }

  @Test
  void damageIsNamedOrAnotherResponse() throws Exception {
    RandomGenerator random = Seed.generator("ResponseFrameTest");
    for (int round = 0; round < 2000; round++) {
      byte[] stdout = new byte[random.nextInt(50)];
      byte[] stderr = new byte[random.nextInt(50)];
      random.nextBytes(stdout);
      random.nextBytes(stderr);
      CniResponse response = new CniResponse(random.nextInt(256), stdout, stderr);
      byte[] frame = ResponseFrame.write(response);
      assertThat(ResponseFrame.read(frame)).isEqualTo(response);
      byte[] damaged = Arrays.copyOf(frame, random.nextInt(frame.length + 3));
      if (damaged.length > 0) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        assertThat(ResponseFrame.read(damaged)).isNotNull();
      } catch (FrameException e) {
        assertThat(e.getMessage()).startsWith("the answer");
      }
    }
  }

  @Test
  void tooLongAnAnswerIsRefused() {
    CniResponse response = new CniResponse(0, new byte[(8 << 20) + 1], new byte[0]);
    assertThatExceptionOfType(FrameException.class).isThrownBy(() -> ResponseFrame.write(response));
  }
}
