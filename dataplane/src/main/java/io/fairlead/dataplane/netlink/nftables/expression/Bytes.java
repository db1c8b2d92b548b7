package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.MessageWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** An immutable sequence of bytes, as registers and set elements hold them. Equal by content. */
public final class Bytes implements Comparable<Bytes> {

  /** No bytes. */
  public static final Bytes EMPTY = new Bytes(new byte[0]);

  /** linux/if.h. */
  private static final int IFNAMSIZ = 16;

  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /** A copy of {@code content}. */
  public static Bytes of(byte... content) {
    return new Bytes(content.clone());
  }

  /** A copy of the first {@code length} bytes of {@code content}. */
  public static Bytes of(byte[] content, int length) {
    return new Bytes(Arrays.copyOf(content, length));
  }

  /** Takes over {@code content}, which nobody may change any more. */
  static Bytes wrap(byte[] content) {
    return new Bytes(content);
  }

  /** The address in network byte order. */
  public static Bytes of(IpAddress address) {
    return new Bytes(address.bytes());
  }

  /**
   * The whole field that names an interface, with its NULs: without them it would be a prefix.
   *
   * @throws IllegalArgumentException if the kernel takes no such name
   */
  public static Bytes ofInterface(String name) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    if (text.length >= IFNAMSIZ) {
      throw new IllegalArgumentException(
          "the interface name \"" + name + "\" has more than 15 bytes");
    }
    return new Bytes(Arrays.copyOf(text, IFNAMSIZ));
  }

  /** One byte. */
  public static Bytes u8(int value) {
    return new Bytes(new byte[] {(byte) value});
  }

  /** Two bytes in network byte order, as ports are. */
  public static Bytes u16Be(int value) {
    return new Bytes(new byte[] {(byte) (value >>> 8), (byte) value});
  }

  /** Four bytes in the host's byte order, as marks, connection states and slots are. */
  public static Bytes u32(int value) {
    byte[] bytes = new byte[4];
    HostOrder.putU32(bytes, 0, value);
    return new Bytes(bytes);
  }

  /** {@code length} zeros. */
  public static Bytes zeros(int length) {
    return new Bytes(new byte[length]);
  }

  public int length() {
    return content.length;
  }

  /** The byte at {@code index}, 0 to 255. */
  public int at(int index) {
    return content[index] & 0xff;
  }

  /** Four bytes from {@code index} on, in the host's byte order. */
  public int u32At(int index) {
    return HostOrder.u32(content, index);
  }

  /** Two bytes from {@code index} on, in network byte order. */
  public int u16BeAt(int index) {
    return at(index) << 8 | at(index + 1);
  }

  /** A copy of {@code length} bytes from {@code from} on. */
  public Bytes slice(int from, int length) {
    return new Bytes(Arrays.copyOfRange(content, from, from + length));
  }

  /** Copies all bytes into {@code target} from {@code at} on. */
  public void copyTo(byte[] target, int at) {
    System.arraycopy(content, 0, target, at, content.length);
  }

  /** A copy of all bytes. */
  public byte[] toArray() {
    return content.clone();
  }

  /** The number before this one, read as big-endian; of zero, all ones. */
  public Bytes minusOne() {
    byte[] result = content.clone();
    for (int i = result.length - 1; i >= 0 && result[i]-- == 0; i--) {}
    return new Bytes(result);
  }

  /** The number after this one, read as big-endian; of all ones, zero. */
  public Bytes plusOne() {
    byte[] result = content.clone();
    for (int i = result.length - 1; i >= 0 && ++result[i] == 0; i--) {}
    return new Bytes(result);
  }

  public boolean isZero() {
    for (byte b : content) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** Writes the bytes as an attribute. */
  public void writeAttribute(MessageWriter writer, int type) {
    writer.attributeBytes(type, content);
  }

  /** Unsigned and from the first byte on: the numeric order of big-endian values. */
  @Override
  public int compareTo(Bytes other) {
    return Arrays.compareUnsigned(content, other.content);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
  }

  /** Four bytes at a time: keys differ in few bytes, which must not cancel each other. */
  @Override
  public int hashCode() {
    int hash = content.length;
    int at = 0;
    for (; at + 4 <= content.length; at += 4) {
      hash = (hash ^ HostOrder.u32(content, at)) * 0x9E3779B1;
      hash ^= hash >>> 15;
    }
    for (; at < content.length; at++) {
      hash = (hash ^ content[at]) * 0x9E3779B1;
    }
    return hash;
  }

  /** "0x0a00", or "0x" if empty. */
  @Override
  public String toString() {
    return "0x" + HexFormat.of().formatHex(content);
  }
}
