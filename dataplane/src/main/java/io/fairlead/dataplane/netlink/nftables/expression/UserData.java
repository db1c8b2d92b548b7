package io.fairlead.dataplane.netlink.nftables.expression;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * What libnftables keeps with an object and the kernel passes through: entries of one byte type,
 * one byte length and so many bytes (libnftnl/udata.h), at most 256 bytes in all. Comments are
 * entries of a type that depends on the kind of object.
 */
public final class UserData {

  /** nft's limit, with the NUL at the end: NFTNL_UDATA_COMMENT_MAXLEN. */
  private static final int COMMENT_BYTES = 128;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** Adds an entry of at most 255 bytes. */
  public UserData put(int type, byte[] value) {
    if (value.length > 255) {
      throw new IllegalArgumentException("user data entries hold 255 bytes, not " + value.length);
    }
    out.write(type);
    out.write(value.length);
    out.writeBytes(value);
    return this;
  }

  /** Adds a number of four bytes in host byte order. */
  public UserData putU32(int type, int value) {
    return put(type, Bytes.u32(value).toArray());
  }

  /** Adds entries inside an entry. */
  public UserData put(int type, UserData nested) {
    return put(type, nested.toArray());
  }

  /** Adds a comment, unless it is empty. */
  public UserData putComment(int type, String comment) {
    if (!comment.isEmpty()) {
      byte[] text = cleanComment(comment).getBytes(StandardCharsets.UTF_8);
      byte[] terminated = java.util.Arrays.copyOf(text, text.length + 1);
      put(type, terminated);
    }
    return this;
  }

  public boolean isEmpty() {
    return out.size() == 0;
  }

  public byte[] toArray() {
    return out.toByteArray();
  }

  /**
   * {@code comment} as it can be kept and printed: quotes and control characters become spaces, and
   * what is beyond 127 bytes of UTF-8 is cut off between characters.
   */
  public static String cleanComment(String comment) {
    StringBuilder text = new StringBuilder();
    int bytes = 0;
    for (int at = 0; at < comment.length(); ) {
      int point = comment.codePointAt(at);
      at += Character.charCount(point);
      boolean unfit = Character.isISOControl(point) || point == '"' || isSurrogate(point);
      int fit = unfit ? ' ' : point;
      bytes += fit < 0x80 ? 1 : fit < 0x800 ? 2 : fit < 0x10000 ? 3 : 4;
      if (bytes >= COMMENT_BYTES) {
        break;
      }
      text.appendCodePoint(fit);
    }
    return text.toString();
  }

  private static boolean isSurrogate(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }

  /** The entries by type. What does not fit the format ends the reading. */
  public static Map<Integer, byte[]> parse(byte[] content) {
    Map<Integer, byte[]> entries = new TreeMap<>();
    int at = 0;
    while (at + 2 <= content.length) {
      int length = content[at + 1] & 0xff;
      if (at + 2 + length > content.length) {
        break;
      }
      byte[] value = java.util.Arrays.copyOfRange(content, at + 2, at + 2 + length);
      entries.put(content[at] & 0xff, value);
      at += 2 + length;
    }
    return entries;
  }

  /** The entry of {@code type} as a string without its NUL, or empty. */
  public static String string(Map<Integer, byte[]> entries, int type) {
    byte[] value = entries.getOrDefault(type, new byte[0]);
    int end = value.length > 0 && value[value.length - 1] == 0 ? value.length - 1 : value.length;
    return new String(value, 0, end, StandardCharsets.UTF_8);
  }

  /** The entry of {@code type} as a number in host byte order, or {@code absent}. */
  public static int u32(Map<Integer, byte[]> entries, int type, int absent) {
    byte[] value = entries.get(type);
    return value != null && value.length == 4 ? HostOrder.u32(value, 0) : absent;
  }
}
