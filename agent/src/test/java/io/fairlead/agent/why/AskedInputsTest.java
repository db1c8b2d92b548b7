package io.fairlead.agent.why;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fairlead.agent.server.RefusedException;
import io.fairlead.dataplane.testing.Decoding;
import java.nio.charset.StandardCharsets;

/** The words of a question for the way of a packet. */
class AskedInputsTest {

  @FuzzTest
  void word(byte[] input) {
    String word = new String(input, StandardCharsets.UTF_8);
    Decoding.of(
        input,
        RefusedException.class,
        () -> assertThat(Asked.parse(word, "default").toString()).isNotEmpty());
    Decoding.of(
        input,
        RefusedException.class,
        () -> assertThat(AskedDestination.parse(word, "default").toString()).isNotEmpty());
  }
}
