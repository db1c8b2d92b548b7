package io.fairlead.dataplane.model;

import java.util.ArrayList;
import java.util.List;

/**
 * An address prefix, such as 10.244.1.0/24. Always canonical: host bits are zero.
 *
 * @param network the first address of the prefix
 * @param prefixLength leading bits that all addresses share, 0 to 32 or 128
 */
public record Cidr(IpAddress network, int prefixLength) implements Comparable<Cidr> {

  public Cidr {
    if (prefixLength < 0 || prefixLength > network.family().bitLength()) {
      throw new IllegalArgumentException(
          "/" + prefixLength + " is not a prefix length of " + network.family().kubernetesName());
    }
    network = network.masked(prefixLength);
  }

  /**
   * Reads "10.0.0.0/8" or "fd00::/8". White space around it is ignored and host bits are cleared.
   *
   * @throws IllegalArgumentException with a sentence that quotes {@code text}
   */
  public static Cidr parse(String text) {
    String stripped = text.strip();
    int slash = stripped.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a CIDR; write address/length, for example 10.244.0.0/16");
    }
    IpAddress address = IpAddress.parse(stripped.substring(0, slash));
    String length = stripped.substring(slash + 1);
    if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > address.family().bitLength()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a CIDR; the length is 0 to " + address.family().bitLength());
    }
    return new Cidr(address, Integer.parseInt(length));
  }

  /** The prefix of a single address: /32 or /128. */
  public static Cidr host(IpAddress address) {
    return new Cidr(address, address.family().bitLength());
  }

  public AddressFamily family() {
    return network.family();
  }

  public boolean contains(IpAddress address) {
    return address.family() == family() && address.masked(prefixLength).equals(network);
  }

  public boolean contains(Cidr other) {
    return other.prefixLength >= prefixLength && contains(other.network);
  }

  public boolean overlaps(Cidr other) {
    return contains(other) || other.contains(this);
  }

  /** The same addresses in ascending prefixes of which none lies within another. */
  public static List<Cidr> disjoint(List<Cidr> cidrs) {
    List<Cidr> disjoint = new ArrayList<>(cidrs.size());
    // In this order the last one kept contains the next one if any does.
    for (Cidr cidr : cidrs.stream().sorted().toList()) {
      if (disjoint.isEmpty() || !disjoint.getLast().contains(cidr)) {
        disjoint.add(cidr);
      }
    }
    return List.copyOf(disjoint);
  }

  @Override
  public int compareTo(Cidr other) {
    int order = network.compareTo(other.network);
    return order != 0 ? order : Integer.compare(prefixLength, other.prefixLength);
  }

  @Override
  public String toString() {
    return network + "/" + prefixLength;
  }
}
