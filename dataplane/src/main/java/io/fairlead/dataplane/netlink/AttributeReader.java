package io.fairlead.dataplane.netlink;

import static io.fairlead.dataplane.netlink.NetlinkConstants.ATTRIBUTE_HEADER_LENGTH;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLA_TYPE_MASK;
import static io.fairlead.dataplane.netlink.NetlinkConstants.align;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Ipv4Address;
import java.nio.charset.StandardCharsets;

/**
 * Steps through the attributes of a message or of a nesting attribute, in place:
 *
 * <pre>{@code
 * while (attributes.next()) {
 *   switch (attributes.type()) {
 *     case IFLA_IFNAME -> name = attributes.string();
 *     ...
 *   }
 * }
 * }</pre>
 *
 * <p>Input of any shape is safe. A payload of the wrong size reads as zero or empty and marks the
 * whole message as malformed, which {@link NetlinkMessage#requireWellFormed} then reports once. Not
 * thread-safe.
 */
public final class AttributeReader {

  private final NetlinkMessage message;
  private final int limit;
  private int following;
  private int start;
  private int length;

  AttributeReader(NetlinkMessage message, int from, int limit) {
    this.message = message;
    this.following = from;
    this.limit = limit;
  }

  /** Moves to the next attribute; false when there is none. */
  public boolean next() {
    int header = following;
    if (header + ATTRIBUTE_HEADER_LENGTH > limit) {
      if (header < limit) {
        message.malformed("an attribute header is cut off", header);
      }
      return false;
    }
    int total = message.buffer().u16(header);
    if (total < ATTRIBUTE_HEADER_LENGTH || header + total > limit) {
      message.malformed("an attribute of " + total + " bytes does not fit", header);
      following = limit;
      return false;
    }
    start = header + ATTRIBUTE_HEADER_LENGTH;
    length = total - ATTRIBUTE_HEADER_LENGTH;
    following = header + align(total);
    return true;
  }

  /** The type without the flags for nesting and byte order. */
  public int type() {
    return message.buffer().u16(start - 2) & NLA_TYPE_MASK;
  }

  /** Bytes of payload. */
  public int length() {
    return length;
  }

  private boolean has(int bytes) {
    if (length == bytes) {
      return true;
    }
    message.malformed(
        "attribute " + type() + " has " + length + " bytes where " + bytes + " belong", start);
    return false;
  }

  public int u8() {
    return has(1) ? message.buffer().u8(start) : 0;
  }

  public int u16() {
    return has(2) ? message.buffer().u16(start) : 0;
  }

  public int u16Be() {
    return has(2) ? message.buffer().u16Be(start) : 0;
  }

  public int u32() {
    return has(4) ? message.buffer().u32(start) : 0;
  }

  public int u32Be() {
    return has(4) ? message.buffer().u32Be(start) : 0;
  }

  public long u64() {
    return has(8) ? message.buffer().u64(start) : 0;
  }

  public long u64Be() {
    return has(8) ? message.buffer().u64Be(start) : 0;
  }

  /** A copy of the payload. */
  public byte[] bytes() {
    return message.buffer().bytes(start, length);
  }

  /** The payload as UTF-8, without the NUL bytes at its end. */
  public String string() {
    byte[] content = bytes();
    int end = content.length;
    while (end > 0 && content[end - 1] == 0) {
      end--;
    }
    return new String(content, 0, end, StandardCharsets.UTF_8);
  }

  /**
   * Whether {@link #string} would be the one with these bytes, which end with no NUL; copies none.
   */
  public boolean isString(byte[] content) {
    int end = length;
    while (end > content.length && message.buffer().u8(start + end - 1) == 0) {
      end--;
    }
    if (end != content.length) {
      return false;
    }
    for (int i = 0; i < end; i++) {
      if ((byte) message.buffer().u8(start + i) != content[i]) {
        return false;
      }
    }
    return true;
  }

  /** An address of either family; 0.0.0.0 in a malformed message. */
  public IpAddress address() {
    return length == 16 ? IpAddress.of(bytes()) : new Ipv4Address(u32Be());
  }

  /** The attributes inside this one. */
  public AttributeReader nested() {
    return new AttributeReader(message, start, start + length);
  }

  /** The attributes inside this one, behind a fixed header of {@code headerLength} bytes. */
  public AttributeReader nested(int headerLength) {
    if (headerLength > length) {
      message.malformed("attribute " + type() + " is shorter than its header", start);
      return new AttributeReader(message, start, start);
    }
    return new AttributeReader(message, start + align(headerLength), start + length);
  }

  /** Where the payload begins in {@link NetlinkMessage#buffer}, for fixed structures. */
  public int offset() {
    return start;
  }
}
