package io.fairlead.dataplane.netlink.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.testing.Decoding;
import java.nio.ByteBuffer;

/** Reported packets, and the packets in them, which anybody may have sent. */
class LogInputsTest {

  @FuzzTest
  void message(byte[] input) {
    Decoding.of(
        input,
        MalformedMessageException.class,
        () -> {
          LoggedPacket packet = LogDecoder.decode(NetlinkMessage.parse(input));
          assertThat(PacketHeaders.of(packet.payload()).toString()).isNotEmpty();
        });
  }

  @FuzzTest
  void packet(byte[] input) {
    Decoding.of(
        input,
        MalformedMessageException.class,
        () -> {
          PacketHeaders headers = PacketHeaders.of(ByteBuffer.wrap(input));
          assertThat(headers.sourcePort()).isBetween(PacketHeaders.NO_PORT, 65_535);
          assertThat(headers.destinationPort()).isBetween(PacketHeaders.NO_PORT, 65_535);
          assertThat(headers.protocol()).isBetween(0, 255);
        });
  }
}
