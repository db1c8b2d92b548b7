package io.fairlead.dataplane.netlink.route;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;

/**
 * An address of a link.
 *
 * @param prefixLength 0 to 32 or 128
 * @param scope RT_SCOPE_ constant: 0 universe, 253 link, 254 host; the kernel derives that of IPv6
 *     itself
 * @param flags IFA_F_ constants; {@link #NO_DUPLICATE_DETECTION} and {@link #NO_PREFIX_ROUTE} may
 *     be asked for, the kernel adds {@link #PERMANENT} and {@link #TENTATIVE}
 * @param protocol who set it (IFA_PROTO), 0 if unknown; kernels before 5.18 do not keep it
 */
public record LinkAddress(
    int linkIndex, IpAddress address, int prefixLength, int scope, int flags, int protocol)
    implements RouteEntry {

  /** IFA_F_NODAD: usable at once, without asking whether another host has it (IPv6). */
  public static final int NO_DUPLICATE_DETECTION = 0x02;

  /** IFA_F_TENTATIVE: not usable yet (IPv6). */
  public static final int TENTATIVE = 0x40;

  /** IFA_F_PERMANENT: without a lifetime. */
  public static final int PERMANENT = 0x80;

  /** IFA_F_NOPREFIXROUTE: the kernel makes no route to the prefix. */
  public static final int NO_PREFIX_ROUTE = 0x200;

  public LinkAddress {
    if (prefixLength < 0 || prefixLength > address.family().bitLength()) {
      throw new IllegalArgumentException(
          "/" + prefixLength + " is not a prefix length of " + address);
    }
  }

  /** A global address, usable at once. */
  public static LinkAddress of(int linkIndex, IpAddress address, int prefixLength) {
    return new LinkAddress(
        linkIndex,
        address,
        prefixLength,
        0,
        address.family() == AddressFamily.IPV6 ? NO_DUPLICATE_DETECTION : 0,
        0);
  }

  public LinkAddress withScope(int value) {
    return new LinkAddress(linkIndex, address, prefixLength, value, flags, protocol);
  }

  public LinkAddress withFlags(int value) {
    return new LinkAddress(linkIndex, address, prefixLength, scope, value, protocol);
  }

  public LinkAddress withProtocol(int value) {
    return new LinkAddress(linkIndex, address, prefixLength, scope, flags, value);
  }

  /** Whether the other has the same link, address and length, whatever its flags. */
  public boolean isSamePlace(LinkAddress other) {
    return linkIndex == other.linkIndex
        && address.equals(other.address)
        && prefixLength == other.prefixLength;
  }

  @Override
  public String toString() {
    return "address "
        + address
        + "/"
        + prefixLength
        + " dev "
        + linkIndex
        + (scope == 0 ? "" : " scope " + scope)
        + ((flags & NO_DUPLICATE_DETECTION) == 0 ? "" : " nodad")
        + ((flags & NO_PREFIX_ROUTE) == 0 ? "" : " noprefixroute")
        + ((flags & TENTATIVE) == 0 ? "" : " tentative")
        + (protocol == 0 ? "" : " proto " + protocol);
  }
}
