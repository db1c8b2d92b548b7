package io.fairlead.dataplane.model;

import java.nio.ByteBuffer;

/** An IPv6 address: the most and the least significant 64 bits, big-endian. */
public record Ipv6Address(long high, long low) implements IpAddress {

  static Ipv6Address of(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new Ipv6Address(buffer.getLong(), buffer.getLong());
  }

  @Override
  public AddressFamily family() {
    return AddressFamily.IPV6;
  }

  @Override
  public byte[] bytes() {
    return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
  }

  @Override
  public boolean bit(int index) {
    return ((index < 64 ? high : low) >>> (63 - (index & 63)) & 1) != 0;
  }

  @Override
  public Ipv6Address masked(int length) {
    return new Ipv6Address(high & mask(Math.min(length, 64)), low & mask(Math.max(length - 64, 0)));
  }

  private static long mask(int length) {
    return length == 0 ? 0 : -1L << (64 - length);
  }

  @Override
  public Ipv6Address plus(long offset) {
    long sum = low + offset;
    long carry = offset >= 0 && Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    long borrow = offset < 0 && Long.compareUnsigned(sum, low) > 0 ? 1 : 0;
    return new Ipv6Address(high + carry - borrow, sum);
  }

  /** The canonical text of RFC 5952: lower case, the longest run of zero groups as "::". */
  @Override
  public String toString() {
    int runStart = -1;
    int runLength = 1;
    for (int i = 0; i < 8; i++) {
      int end = i;
      while (end < 8 && group(end) == 0) {
        end++;
      }
      if (end - i > runLength) {
        runStart = i;
        runLength = end - i;
      }
    }
    StringBuilder text = new StringBuilder(39);
    for (int i = 0; i < 8; i++) {
      if (i == runStart) {
        text.append("::");
        i += runLength - 1;
        continue;
      }
      if (!text.isEmpty() && text.charAt(text.length() - 1) != ':') {
        text.append(':');
      }
      text.append(Integer.toHexString(group(i)));
    }
    return text.toString();
  }

  private int group(int index) {
    return (int) ((index < 4 ? high : low) >>> (48 - 16 * (index & 3))) & 0xffff;
  }
}
