package io.fairlead.dataplane.netlink;

import static io.fairlead.dataplane.netlink.NetlinkConstants.HEADER_LENGTH;
import static io.fairlead.dataplane.netlink.NetlinkConstants.align;

import io.fairlead.dataplane.sys.NativeBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A view of one message inside a received datagram. It is valid only until the handler that was
 * given it returns. Reading beyond a short message yields zeros and marks it as malformed. Not
 * thread-safe.
 */
public final class NetlinkMessage {

  private final NativeBuffer buffer;
  private final int start;
  private final int limit;
  private @Nullable String problem;

  /**
   * The message at {@code start}.
   *
   * @param available bytes of the datagram from {@code start} on
   */
  NetlinkMessage(NativeBuffer buffer, int start, int available) {
    this.buffer = buffer;
    this.start = start;
    if (available < HEADER_LENGTH) {
      throw new IllegalArgumentException("a netlink message has at least 16 bytes");
    }
    int claimed = buffer.u32(start);
    if (claimed < HEADER_LENGTH || claimed > available) {
      malformed("a message of " + claimed + " bytes does not fit in " + available, start);
      this.limit = start + available;
    } else {
      this.limit = start + claimed;
    }
  }

  /** The first message in {@code content}, for tests and for stored messages. */
  public static NetlinkMessage parse(byte[] content) {
    byte[] whole = content.length < HEADER_LENGTH ? new byte[HEADER_LENGTH] : content;
    return new NetlinkMessage(NativeBuffer.copyOf(whole), 0, whole.length);
  }

  public NativeBuffer buffer() {
    return buffer;
  }

  public int type() {
    return buffer.u16(start + 4);
  }

  /** NLM_F_ constants. */
  public int flags() {
    return buffer.u16(start + 6);
  }

  public int sequence() {
    return buffer.u32(start + 8);
  }

  /** The socket that caused the message: ours, another's, or 0 for the kernel itself. */
  public int port() {
    return buffer.u32(start + 12);
  }

  /** Where the payload begins in {@link #buffer}. */
  public int payload() {
    return start + HEADER_LENGTH;
  }

  /** Bytes of payload. */
  public int payloadLength() {
    return limit - payload();
  }

  /** Where the next message of the datagram begins. */
  int following() {
    return start + align(limit - start);
  }

  /** A byte of the payload, counted from its beginning. */
  public int u8(int at) {
    return inside(at, 1) ? buffer.u8(payload() + at) : 0;
  }

  public int u16(int at) {
    return inside(at, 2) ? buffer.u16(payload() + at) : 0;
  }

  public int u16Be(int at) {
    return inside(at, 2) ? buffer.u16Be(payload() + at) : 0;
  }

  public int u32(int at) {
    return inside(at, 4) ? buffer.u32(payload() + at) : 0;
  }

  private boolean inside(int at, int bytes) {
    if (at + bytes <= payloadLength()) {
      return true;
    }
    malformed("the message ends within its fixed header", payload() + at);
    return false;
  }

  /** The attributes behind the family's fixed header of {@code headerLength} bytes. */
  public AttributeReader attributes(int headerLength) {
    if (headerLength < 0 || headerLength > payloadLength()) {
      malformed("the message ends within its fixed header", payload());
      return new AttributeReader(this, limit, limit);
    }
    return new AttributeReader(this, Math.min(payload() + align(headerLength), limit), limit);
  }

  void malformed(String what, int offset) {
    if (problem == null) {
      problem = what + " (byte " + (offset - start) + ")";
    }
  }

  /**
   * Throws if anything read so far was missing or of a wrong size. Decoders call it once, last.
   *
   * @throws MalformedMessageException naming the first thing that was wrong
   */
  public void requireWellFormed() throws MalformedMessageException {
    String found = problem;
    if (found != null) {
      throw new MalformedMessageException("netlink message of type " + type() + ": " + found);
    }
  }
}
