package io.fairlead.dataplane.model;

import java.util.HexFormat;

/** A 48-bit link-layer address; {@code bits} holds it big-endian in the low 48 bits. */
public record MacAddress(long bits) {

  private static final HexFormat COLONS = HexFormat.ofDelimiter(":");

  public MacAddress {
    if (bits >>> 48 != 0) {
      throw new IllegalArgumentException("a MAC address has 48 bits");
    }
  }

  /**
   * Reads "0a:58:0a:f4:01:02".
   *
   * @throws IllegalArgumentException with a sentence that quotes {@code text}
   */
  public static MacAddress parse(String text) {
    try {
      return of(COLONS.parseHex(text.strip()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a MAC address; write it like 0a:58:0a:f4:01:02", e);
    }
  }

  /**
   * The address in six bytes, in the order in which they are sent.
   *
   * @throws IllegalArgumentException unless there are six
   */
  public static MacAddress of(byte[] bytes) {
    if (bytes.length != 6) {
      throw new IllegalArgumentException("a MAC address has 6 bytes, not " + bytes.length);
    }
    long bits = 0;
    for (byte b : bytes) {
      bits = bits << 8 | (b & 0xff);
    }
    return new MacAddress(bits);
  }

  /** Six bytes in the order in which they are sent, a fresh array. */
  public byte[] bytes() {
    byte[] bytes = new byte[6];
    for (int i = 0; i < 6; i++) {
      bytes[i] = (byte) (bits >>> (40 - 8 * i));
    }
    return bytes;
  }

  @Override
  public String toString() {
    return COLONS.formatHex(bytes());
  }
}
