package io.fairlead.cni.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.dataplane.testing.Seed;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestFrameTest {

  private static final String HEADER = "464c434e 0001 0003 00000010 00000002";

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  @Test
  void goldenFrame() throws Exception {
    byte[] frame = hex(HEADER + "434e495f434f4d4d414e443d41444400" + "7b7d");
    CniRequest request = RequestFrame.read(frame);
    assertThat(request.environment()).containsExactly(Map.entry("CNI_COMMAND", "ADD"));
    assertThat(request.stdin()).containsExactly('{', '}');
    assertThat(RequestFrame.write(request, 3)).isEqualTo(frame);
    assertThat(RequestFrame.readHeader(java.nio.ByteBuffer.wrap(frame)).descriptorCount())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'ends after 0 of a header'",
    "'464c434e0001', 'ends after 6'",
    "'464c4341 0001 0000 00000000 00000000', 'does not begin with FLCN'",
    "'464c434e 0002 0000 00000000 00000000', 'format version 2'",
    "'464c434e 0001 0004 00000000 00000000', 'unknown flags 4'",
    "'464c434e 0001 ffff 00000000 00000000', 'unknown flags -1'",
    "'464c434e 0001 0000 00010001 00000000', 'longer than 64 KiB'",
    "'464c434e 0001 0000 ffffffff 00000000', 'longer than 64 KiB'",
    "'464c434e 0001 0000 00000000 00100001', 'longer than 1 MiB'",
    "'464c434e 0001 0000 00000000 80000000', 'longer than 1 MiB'",
    "'464c434e 0001 0000 00000000 00000004 7b7d', 'ends after 2 of 4'",
    "'464c434e 0001 0000 00000000 00000001 7b7d', 'followed by 1 more'",
    "'464c434e 0001 0000 00000003 00000000 413d42', 'malformed at byte 0'",
    "'464c434e 0001 0000 00000003 00000000 3d4200', 'malformed at byte 0'",
    "'464c434e 0001 0000 00000006 00000000 413d42 00 4200', 'malformed at byte 4'",
  })
  void damagedFrames(String frame, String sentence) {
    assertThatExceptionOfType(FrameException.class)
        .isThrownBy(() -> RequestFrame.read(hex(frame)))
        .withMessageContaining(sentence);
  }

  @Test
  void whatIsWrittenIsRead() throws Exception {
    RandomGenerator random = Seed.generator("RequestFrameTest");
    for (int round = 0; round < 2000; round++) {
      Map<String, String> environment = new HashMap<>();
      for (int i = random.nextInt(6); i > 0; i--) {
        environment.put("CNI_" + random.nextInt(99), "v=" + random.nextLong() + "\u00e4");
      }
      byte[] stdin = new byte[random.nextInt(300)];
      random.nextBytes(stdin);
      CniRequest request = new CniRequest(environment, stdin);
      byte[] frame = RequestFrame.write(request, random.nextInt(4));
      assertThat(RequestFrame.read(frame)).isEqualTo(request);
      // Any damage is an exception of ours or another request, never an index error.
      byte[] damaged = Arrays.copyOf(frame, random.nextInt(frame.length + 3));
      if (damaged.length > 0) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        assertThat(RequestFrame.read(damaged)).isNotNull();
      } catch (FrameException e) {
        assertThat(e.getMessage()).startsWith("the request");
      }
    }
  }

  @Test
  @DisplayName("a megabyte of configuration fits, one byte more does not")
  void limits() throws Exception {
    assertThat(RequestFrame.write(new CniRequest(Map.of(), new byte[1 << 20]), 0))
        .hasSize(16 + (1 << 20));
    assertThatExceptionOfType(FrameException.class)
        .isThrownBy(() -> RequestFrame.write(new CniRequest(Map.of(), new byte[(1 << 20) + 1]), 0));
    assertThatExceptionOfType(FrameException.class)
        .isThrownBy(() -> RequestFrame.write(new CniRequest(Map.of("A", "\0"), new byte[0]), 0));
  }
}
