package io.fairlead.cni.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fairlead.dataplane.testing.Decoding;

/** What arrives at both ends of the CNI socket, and lies in the queue of deletions. */
class FrameInputsTest {

  @FuzzTest
  void request(byte[] input) {
    Decoding.of(
        input,
        FrameException.class,
        () -> {
          CniRequest request = RequestFrame.read(input);
          CniRequest again = RequestFrame.read(RequestFrame.write(request, 0));
          assertThat(again.environment()).isEqualTo(request.environment());
          assertThat(again.stdin()).isEqualTo(request.stdin());
        });
  }

  @FuzzTest
  void response(byte[] input) {
    Decoding.of(
        input,
        FrameException.class,
        () -> assertThat(ResponseFrame.write(ResponseFrame.read(input))).isEqualTo(input));
  }
}
