package io.fairlead.dataplane.sys;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * A fixed block of native memory that a system call can read or fill, so that the rest of fairlead
 * need not name java.lang.foreign. Offsets and lengths are in bytes; a wrong one throws
 * IndexOutOfBoundsException, never touches other memory. Methods without a suffix use the host's
 * byte order, those with {@code Be} network byte order. The memory is freed when the buffer becomes
 * unreachable. Not thread-safe.
 */
public final class NativeBuffer {

  private static final ValueLayout.OfShort SHORT_BE =
      JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt INT_BE =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfLong LONG_BE =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final MemorySegment segment;

  private NativeBuffer(MemorySegment segment) {
    this.segment = segment;
  }

  /** A new block of zeros, aligned to 8 bytes. */
  public static NativeBuffer allocate(int bytes) {
    return new NativeBuffer(Arena.ofAuto().allocate(bytes, 8));
  }

  /** A new block that holds a copy of {@code content}. */
  public static NativeBuffer copyOf(byte[] content) {
    NativeBuffer buffer = allocate(content.length);
    buffer.putBytes(0, content);
    return buffer;
  }

  MemorySegment segment() {
    return segment;
  }

  public int capacity() {
    return (int) segment.byteSize();
  }

  public int u8(int at) {
    return segment.get(JAVA_BYTE, at) & 0xff;
  }

  public int u16(int at) {
    return segment.get(JAVA_SHORT_UNALIGNED, at) & 0xffff;
  }

  public int u16Be(int at) {
    return segment.get(SHORT_BE, at) & 0xffff;
  }

  public int u32(int at) {
    return segment.get(JAVA_INT_UNALIGNED, at);
  }

  public int u32Be(int at) {
    return segment.get(INT_BE, at);
  }

  public long u64(int at) {
    return segment.get(JAVA_LONG_UNALIGNED, at);
  }

  public long u64Be(int at) {
    return segment.get(LONG_BE, at);
  }

  /** A copy of {@code length} bytes. */
  public byte[] bytes(int at, int length) {
    Objects.checkFromIndexSize(at, length, capacity());
    byte[] copy = new byte[length];
    MemorySegment.copy(segment, JAVA_BYTE, at, copy, 0, length);
    return copy;
  }

  public void putU8(int at, int value) {
    segment.set(JAVA_BYTE, at, (byte) value);
  }

  public void putU16(int at, int value) {
    segment.set(JAVA_SHORT_UNALIGNED, at, (short) value);
  }

  public void putU16Be(int at, int value) {
    segment.set(SHORT_BE, at, (short) value);
  }

  public void putU32(int at, int value) {
    segment.set(JAVA_INT_UNALIGNED, at, value);
  }

  public void putU32Be(int at, int value) {
    segment.set(INT_BE, at, value);
  }

  public void putU64(int at, long value) {
    segment.set(JAVA_LONG_UNALIGNED, at, value);
  }

  public void putU64Be(int at, long value) {
    segment.set(LONG_BE, at, value);
  }

  public void putBytes(int at, byte[] content) {
    MemorySegment.copy(content, 0, segment, JAVA_BYTE, at, content.length);
  }

  /** Copies {@code length} bytes from another buffer. */
  public void putBytes(int at, NativeBuffer source, int from, int length) {
    MemorySegment.copy(source.segment, from, segment, at, length);
  }

  /** Sets {@code length} bytes to zero. */
  public void clear(int at, int length) {
    segment.asSlice(at, length).fill((byte) 0);
  }
}
