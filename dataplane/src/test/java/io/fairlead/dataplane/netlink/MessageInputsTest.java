package io.fairlead.dataplane.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fairlead.dataplane.sys.NativeBuffer;
import io.fairlead.dataplane.testing.Decoding;
import java.nio.charset.StandardCharsets;

/** Datagrams of any number of messages, each with attributes in attributes. */
class MessageInputsTest {

  private static final int DEEPEST = 40;

  @FuzzTest
  void datagram(byte[] input) {
    Decoding.of(input, MalformedMessageException.class, () -> walk(input));
  }

  private static void walk(byte[] input) throws MalformedMessageException {
    NativeBuffer buffer = NativeBuffer.copyOf(input);
    int at = 0;
    while (input.length - at >= NetlinkConstants.HEADER_LENGTH) {
      NetlinkMessage message = new NetlinkMessage(buffer, at, input.length - at);
      assertThat(message.payloadLength()).isBetween(0, input.length);
      NetlinkException refusal = Acknowledgement.refusal(message, "ask");
      if (refusal != null) {
        assertThat(refusal.errno()).isNotZero();
      }
      walk(message.attributes(4), 0);
      assertThat(message.following()).isGreaterThan(at);
      at = message.following();
      message.requireWellFormed();
    }
  }

  private static void walk(AttributeReader attributes, int depth) {
    while (attributes.next()) {
      assertThat(attributes.bytes()).hasSize(attributes.length());
      assertThat(attributes.isString(attributes.string().getBytes(StandardCharsets.ISO_8859_1)))
          .isIn(true, false);
      attributes.u64Be();
      assertThat(attributes.address()).isNotNull();
      if (depth < DEEPEST) {
        walk(attributes.nested(), depth + 1);
        walk(attributes.nested(8), DEEPEST);
      }
    }
  }
}
