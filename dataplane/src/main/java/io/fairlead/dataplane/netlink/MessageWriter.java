package io.fairlead.dataplane.netlink;

import static io.fairlead.dataplane.netlink.NetlinkConstants.ATTRIBUTE_HEADER_LENGTH;
import static io.fairlead.dataplane.netlink.NetlinkConstants.HEADER_LENGTH;
import static io.fairlead.dataplane.netlink.NetlinkConstants.NLA_F_NESTED;
import static io.fairlead.dataplane.netlink.NetlinkConstants.align;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Ipv4Address;
import io.fairlead.dataplane.model.Ipv6Address;
import io.fairlead.dataplane.sys.NativeBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes netlink messages one behind the other into native memory that grows as needed and is
 * reused, so that writing allocates nothing. Scalars are in host byte order, those with {@code Be}
 * in network byte order. Between {@link #begin} and {@link #end} come the family's fixed header,
 * field by field, and then attributes. Not thread-safe.
 */
public final class MessageWriter {

  private NativeBuffer buffer;
  private int position;
  private int messageStart = -1;

  public MessageWriter() {
    this(4096);
  }

  public MessageWriter(int initialCapacity) {
    buffer = NativeBuffer.allocate(initialCapacity);
  }

  /** The memory in which the messages are; it changes when it grows. */
  public NativeBuffer buffer() {
    return buffer;
  }

  /** Bytes written since the last {@link #reset}. */
  public int length() {
    return position;
  }

  /** A copy of all that was written. */
  public byte[] toBytes() {
    return buffer.bytes(0, position);
  }

  /** Forgets all messages and keeps the memory. */
  public void reset() {
    position = 0;
    messageStart = -1;
  }

  /** Forgets everything after the first {@code length} bytes, which must end a message. */
  public void truncate(int length) {
    position = length;
    messageStart = -1;
  }

  /**
   * Begins a message.
   *
   * @param type the family's message type
   * @param flags NLM_F_ constants
   * @param sequence repeated by the kernel in its answer
   */
  public MessageWriter begin(int type, int flags, int sequence) {
    if (messageStart >= 0) {
      throw new IllegalStateException("the message before has not ended");
    }
    messageStart = position;
    reserve(HEADER_LENGTH);
    buffer.putU16(position + 4, type);
    buffer.putU16(position + 6, flags);
    buffer.putU32(position + 8, sequence);
    buffer.putU32(position + 12, 0);
    position += HEADER_LENGTH;
    return this;
  }

  /** Ends the message: its length is known now. */
  public void end() {
    buffer.putU32(messageStart, position - messageStart);
    pad();
    messageStart = -1;
  }

  private void reserve(int bytes) {
    int needed = position + bytes;
    if (needed > buffer.capacity()) {
      NativeBuffer larger = NativeBuffer.allocate(Math.max(needed, buffer.capacity() * 2));
      larger.putBytes(0, buffer, 0, position);
      buffer = larger;
    }
  }

  private void pad() {
    int padding = align(position) - position;
    reserve(padding);
    buffer.clear(position, padding);
    position += padding;
  }

  public MessageWriter u8(int value) {
    reserve(1);
    buffer.putU8(position, value);
    position += 1;
    return this;
  }

  public MessageWriter u16(int value) {
    reserve(2);
    buffer.putU16(position, value);
    position += 2;
    return this;
  }

  public MessageWriter u16Be(int value) {
    reserve(2);
    buffer.putU16Be(position, value);
    position += 2;
    return this;
  }

  public MessageWriter u32(int value) {
    reserve(4);
    buffer.putU32(position, value);
    position += 4;
    return this;
  }

  public MessageWriter u32Be(int value) {
    reserve(4);
    buffer.putU32Be(position, value);
    position += 4;
    return this;
  }

  public MessageWriter u64(long value) {
    reserve(8);
    buffer.putU64(position, value);
    position += 8;
    return this;
  }

  public MessageWriter u64Be(long value) {
    reserve(8);
    buffer.putU64Be(position, value);
    position += 8;
    return this;
  }

  public MessageWriter bytes(byte[] value) {
    reserve(value.length);
    buffer.putBytes(position, value);
    position += value.length;
    return this;
  }

  public MessageWriter zeros(int count) {
    reserve(count);
    buffer.clear(position, count);
    position += count;
    return this;
  }

  /** The address in network byte order, 4 or 16 bytes. */
  public MessageWriter address(IpAddress value) {
    return switch (value) {
      case Ipv4Address v4 -> u32Be(v4.bits());
      case Ipv6Address v6 -> u64Be(v6.high()).u64Be(v6.low());
    };
  }

  /**
   * Begins an attribute whose payload is written next, by the scalar methods or as other
   * attributes; {@link #endAttribute} takes the answer.
   */
  public int beginAttribute(int type) {
    reserve(ATTRIBUTE_HEADER_LENGTH);
    int start = position;
    buffer.putU16(start + 2, type);
    position += ATTRIBUTE_HEADER_LENGTH;
    return start;
  }

  /** Begins an attribute that holds attributes, and says so to the kernel. */
  public int beginNested(int type) {
    return beginAttribute(type | NLA_F_NESTED);
  }

  /** Ends the attribute that began at {@code start}. */
  public MessageWriter endAttribute(int start) {
    int length = position - start;
    if (length > 0xffff) {
      throw new IllegalStateException("an attribute holds at most 65535 bytes, not " + length);
    }
    buffer.putU16(start, length);
    pad();
    return this;
  }

  private void attributeHeader(int type, int payload) {
    reserve(ATTRIBUTE_HEADER_LENGTH + align(payload));
    buffer.putU16(position, ATTRIBUTE_HEADER_LENGTH + payload);
    buffer.putU16(position + 2, type);
    position += ATTRIBUTE_HEADER_LENGTH;
  }

  /** An attribute without a payload. */
  public MessageWriter attributeFlag(int type) {
    attributeHeader(type, 0);
    return this;
  }

  public MessageWriter attributeU8(int type, int value) {
    attributeHeader(type, 1);
    u8(value);
    pad();
    return this;
  }

  public MessageWriter attributeU16(int type, int value) {
    attributeHeader(type, 2);
    u16(value);
    pad();
    return this;
  }

  public MessageWriter attributeU16Be(int type, int value) {
    attributeHeader(type, 2);
    u16Be(value);
    pad();
    return this;
  }

  public MessageWriter attributeU32(int type, int value) {
    attributeHeader(type, 4);
    return u32(value);
  }

  public MessageWriter attributeU32Be(int type, int value) {
    attributeHeader(type, 4);
    return u32Be(value);
  }

  public MessageWriter attributeU64(int type, long value) {
    attributeHeader(type, 8);
    return u64(value);
  }

  public MessageWriter attributeU64Be(int type, long value) {
    attributeHeader(type, 8);
    return u64Be(value);
  }

  public MessageWriter attributeBytes(int type, byte[] value) {
    attributeHeader(type, value.length);
    bytes(value);
    pad();
    return this;
  }

  /** A string in UTF-8 with the NUL that the kernel expects behind it. */
  public MessageWriter attributeString(int type, String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    attributeHeader(type, utf8.length + 1);
    bytes(utf8);
    u8(0);
    pad();
    return this;
  }

  public MessageWriter attributeAddress(int type, IpAddress value) {
    attributeHeader(type, value.family().byteLength());
    return address(value);
  }
}
