package io.fairlead.dataplane.model;

import java.net.Inet4Address;
import java.net.Inet6Address;

/**
 * An IP address of either family, without a scope or a port. Immutable; ordered by family and then
 * numerically, so that sorted output is stable.
 */
public sealed interface IpAddress extends Comparable<IpAddress> permits Ipv4Address, Ipv6Address {

  AddressFamily family();

  /** The address in network byte order: 4 or 16 bytes, a fresh array. */
  byte[] bytes();

  /** The {@code index}th bit counted from the most significant one, which is bit 0. */
  boolean bit(int index);

  /** This address with every bit after the first {@code length} cleared. */
  IpAddress masked(int length);

  /** This address plus {@code offset}, wrapping around at the family's end. */
  IpAddress plus(long offset);

  /**
   * Reads a literal address, never a host name: "10.0.0.1", "fd00::1". White space around it is
   * ignored and leading zeros in IPv4 octets are read as decimal, as Kubernetes objects of old hold
   * them; an IPv4-mapped IPv6 address is read as IPv4.
   *
   * @throws IllegalArgumentException with a sentence that quotes {@code text}
   */
  static IpAddress parse(String text) {
    String literal = text.strip();
    if (literal.indexOf(':') < 0) {
      return Ipv4Address.parse(literal);
    }
    if (literal.indexOf('%') >= 0) {
      throw new IllegalArgumentException(
          "\"" + text + "\" has a zone; write the address without the part after %");
    }
    try {
      if (literal.startsWith("[")) {
        throw new IllegalArgumentException("the JDK reads the brackets of a URL as well");
      }
      return switch (Inet6Address.ofLiteral(literal)) {
        case Inet4Address v4 -> Ipv4Address.of(v4.getAddress());
        case Inet6Address v6 -> Ipv6Address.of(v6.getAddress());
        default -> throw new IllegalArgumentException();
      };
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("\"" + text + "\" is not an IP address", e);
    }
  }

  /**
   * The address in {@code bytes}, network byte order.
   *
   * @throws IllegalArgumentException unless there are 4 or 16 bytes
   */
  static IpAddress of(byte[] bytes) {
    return switch (bytes.length) {
      case 4 -> Ipv4Address.of(bytes);
      case 16 -> Ipv6Address.of(bytes);
      default ->
          throw new IllegalArgumentException(
              "an IP address has 4 or 16 bytes, not " + bytes.length);
    };
  }

  @Override
  default int compareTo(IpAddress other) {
    return switch (this) {
      case Ipv4Address a ->
          other instanceof Ipv4Address b ? Integer.compareUnsigned(a.bits(), b.bits()) : -1;
      case Ipv6Address a -> {
        if (!(other instanceof Ipv6Address b)) {
          yield 1;
        }
        int high = Long.compareUnsigned(a.high(), b.high());
        yield high != 0 ? high : Long.compareUnsigned(a.low(), b.low());
      }
    };
  }
}
