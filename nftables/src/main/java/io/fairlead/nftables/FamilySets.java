package io.fairlead.nftables;

import static io.fairlead.nftables.BaseTable.TABLE;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.expression.Field;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import java.util.List;

/**
 * The fields of an address family, and the sets that every mode needs of it.
 *
 * @param suffix at the end of the names of its sets
 */
record FamilySets(
    AddressFamily family,
    String suffix,
    Field source,
    Field destination,
    Field originalSource,
    Field originalDestination,
    Field replySource,
    NfSet localPods,
    NfSet cluster,
    NfSet unmasqueraded) {

  private static final FamilySets IPV4 =
      make(
          AddressFamily.IPV4,
          "ipv4",
          Fields.IP_SADDR,
          Fields.IP_DADDR,
          Fields.ORIGINAL_IP_SADDR,
          Fields.ORIGINAL_IP_DADDR,
          Fields.REPLY_IP_SADDR);
  private static final FamilySets IPV6 =
      make(
          AddressFamily.IPV6,
          "ipv6",
          Fields.IP6_SADDR,
          Fields.IP6_DADDR,
          Fields.ORIGINAL_IP6_SADDR,
          Fields.ORIGINAL_IP6_DADDR,
          Fields.REPLY_IP6_SADDR);

  static FamilySets of(AddressFamily family) {
    return switch (family) {
      case IPV4 -> IPV4;
      case IPV6 -> IPV6;
    };
  }

  private static FamilySets make(
      AddressFamily family,
      String suffix,
      Field source,
      Field destination,
      Field originalSource,
      Field originalDestination,
      Field replySource) {
    return new FamilySets(
        family,
        suffix,
        source,
        destination,
        originalSource,
        originalDestination,
        replySource,
        NfSet.set(TABLE, "local-pods-" + suffix, "the pods of this node", source).withIntervals(),
        NfSet.set(TABLE, "cluster-" + suffix, "the pods of all nodes", source).withIntervals(),
        NfSet.set(
                TABLE,
                "unmasqueraded-" + suffix,
                "where pods are known by their own addresses",
                destination)
            .withIntervals());
  }

  List<NfSet> all() {
    return List.of(localPods, cluster, unmasqueraded);
  }
}
