package io.fairlead.dataplane.model;

/** An IPv4 address; {@code bits} holds it big-endian, so 10.0.0.1 is 0x0a000001. */
public record Ipv4Address(int bits) implements IpAddress {

  static Ipv4Address of(byte[] bytes) {
    return new Ipv4Address(
        (bytes[0] & 0xff) << 24
            | (bytes[1] & 0xff) << 16
            | (bytes[2] & 0xff) << 8
            | (bytes[3] & 0xff));
  }

  static Ipv4Address parse(String text) {
    int bits = 0;
    int octets = 0;
    for (int at = 0; at <= text.length(); octets++) {
      int end = text.indexOf('.', at);
      end = end < 0 ? text.length() : end;
      bits = bits << 8 | octet(text, at, end);
      at = end + 1;
    }
    if (octets != 4) {
      throw invalid(text);
    }
    return new Ipv4Address(bits);
  }

  private static int octet(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        throw invalid(text);
      }
      value = value * 10 + (c - '0');
      if (value > 255) {
        throw invalid(text);
      }
    }
    if (from == to) {
      throw invalid(text);
    }
    return value;
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException("\"" + text + "\" is not an IP address");
  }

  @Override
  public AddressFamily family() {
    return AddressFamily.IPV4;
  }

  @Override
  public byte[] bytes() {
    return new byte[] {
      (byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits
    };
  }

  @Override
  public boolean bit(int index) {
    return (bits >>> (31 - index) & 1) != 0;
  }

  @Override
  public Ipv4Address masked(int length) {
    return new Ipv4Address(length == 0 ? 0 : bits & -1 << (32 - length));
  }

  @Override
  public Ipv4Address plus(long offset) {
    return new Ipv4Address((int) (bits + offset));
  }

  @Override
  public String toString() {
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 255)
        + "."
        + (bits >>> 8 & 255)
        + "."
        + (bits & 255);
  }
}
