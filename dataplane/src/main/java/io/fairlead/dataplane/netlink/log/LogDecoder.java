package io.fairlead.dataplane.netlink.log;

import static io.fairlead.dataplane.netlink.log.LogConstants.*;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads NFULNL_MSG_PACKET. */
final class LogDecoder {

  private static final long LAST_SECOND = 253_402_300_799L;

  private LogDecoder() {}

  static LoggedPacket decode(NetlinkMessage message) throws MalformedMessageException {
    int protocol = 0;
    int hook = 0;
    int mark = 0;
    int in = 0;
    int out = 0;
    int sequence = 0;
    boolean described = false;
    String prefix = "";
    Instant time = null;
    ByteBuffer payload = ByteBuffer.allocate(0);
    AttributeReader attributes = message.attributes(HEADER_LENGTH);
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFULA_PACKET_HDR -> {
          require(attributes, PACKET_HDR_LENGTH);
          protocol = message.buffer().u16Be(attributes.offset());
          hook = message.buffer().u8(attributes.offset() + 2);
          described = true;
        }
        case NFULA_MARK -> mark = attributes.u32Be();
        case NFULA_TIMESTAMP -> time = time(message, attributes);
        case NFULA_IFINDEX_INDEV -> in = attributes.u32Be();
        case NFULA_IFINDEX_OUTDEV -> out = attributes.u32Be();
        case NFULA_PAYLOAD -> payload = ByteBuffer.wrap(attributes.bytes());
        case NFULA_PREFIX -> prefix = attributes.string();
        case NFULA_SEQ -> sequence = attributes.u32Be();
        default -> {}
      }
    }
    message.requireWellFormed();
    if (!described) {
      throw new MalformedMessageException("a reported packet lacks its header");
    }
    return new LoggedPacket(protocol, hook, prefix, mark, in, out, time, sequence, payload);
  }

  private static void require(AttributeReader attributes, int length)
      throws MalformedMessageException {
    if (attributes.length() != length) {
      throw new MalformedMessageException(
          "attribute %d of a reported packet has %d bytes where %d belong"
              .formatted(attributes.type(), attributes.length(), length));
    }
  }

  private static @Nullable Instant time(NetlinkMessage message, AttributeReader attributes)
      throws MalformedMessageException {
    require(attributes, TIMESTAMP_LENGTH);
    long seconds = message.buffer().u64Be(attributes.offset());
    long micros = message.buffer().u64Be(attributes.offset() + 8);
    if (seconds <= 0 || seconds > LAST_SECOND || micros < 0 || micros >= 1_000_000) {
      return null;
    }
    return Instant.ofEpochSecond(seconds, micros * 1000);
  }
}
