package io.fairlead.dataplane.table;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.expression.Field;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;

/**
 * The fields of an address family.
 *
 * @param suffix at the end of the names of its sets and chains: "ipv4" or "ipv6"
 * @param source of the packet
 * @param destination of the packet
 * @param originalSource of the connection's first packet, before any translation
 * @param originalDestination of the connection's first packet, before any translation
 * @param replySource who answers
 */
public record FamilyFields(
    AddressFamily family,
    String suffix,
    Field source,
    Field destination,
    Field originalSource,
    Field originalDestination,
    Field replySource) {

  private static final FamilyFields IPV4 =
      new FamilyFields(
          AddressFamily.IPV4,
          "ipv4",
          Fields.IP_SADDR,
          Fields.IP_DADDR,
          Fields.ORIGINAL_IP_SADDR,
          Fields.ORIGINAL_IP_DADDR,
          Fields.REPLY_IP_SADDR);
  private static final FamilyFields IPV6 =
      new FamilyFields(
          AddressFamily.IPV6,
          "ipv6",
          Fields.IP6_SADDR,
          Fields.IP6_DADDR,
          Fields.ORIGINAL_IP6_SADDR,
          Fields.ORIGINAL_IP6_DADDR,
          Fields.REPLY_IP6_SADDR);

  /** The fields of {@code family}. */
  public static FamilyFields of(AddressFamily family) {
    return switch (family) {
      case IPV4 -> IPV4;
      case IPV6 -> IPV6;
    };
  }
}
