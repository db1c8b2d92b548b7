package io.fairlead.nftables;

import static io.fairlead.nftables.BaseTable.TABLE;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetData;
import io.fairlead.dataplane.netlink.nftables.expression.Field;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.NumberField;
import java.util.List;

/**
 * The sets and maps of one address family.
 *
 * @param services where a virtual address leads to, by the number of its endpoints
 * @param endpoints the endpoints of a virtual address, numbered from 0 without gaps
 * @param refused virtual addresses without endpoints
 * @param hairpins local endpoints, each together with itself
 */
record FamilySets(
    AddressFamily family,
    Field source,
    Field destination,
    NfSet services,
    NfSet endpoints,
    NfSet refused,
    NfSet hairpins,
    NfSet localPods,
    NfSet cluster,
    NfSet unmasqueraded) {

  private static final FamilySets IPV4 =
      make(AddressFamily.IPV4, "ipv4", Fields.IP_SADDR, Fields.IP_DADDR);
  private static final FamilySets IPV6 =
      make(AddressFamily.IPV6, "ipv6", Fields.IP6_SADDR, Fields.IP6_DADDR);

  static FamilySets of(AddressFamily family) {
    return switch (family) {
      case IPV4 -> IPV4;
      case IPV6 -> IPV6;
    };
  }

  private static FamilySets make(
      AddressFamily family, String suffix, Field source, Field destination) {
    Field slot = NumberField.random(65536);
    return new FamilySets(
        family,
        source,
        destination,
        NfSet.map(
            TABLE,
            "service-" + suffix,
            "virtual address and port : its number of endpoints",
            SetData.verdicts(),
            destination,
            Fields.L4PROTO,
            Fields.TH_DPORT),
        NfSet.map(
            TABLE,
            "endpoint-" + suffix,
            "virtual address, port and slot : endpoint",
            SetData.values(destination, Fields.TH_DPORT),
            destination,
            Fields.L4PROTO,
            Fields.TH_DPORT,
            slot),
        NfSet.set(
            TABLE,
            "refused-" + suffix,
            "virtual addresses without endpoints",
            destination,
            Fields.L4PROTO,
            Fields.TH_DPORT),
        NfSet.set(
            TABLE,
            "hairpin-" + suffix,
            "pods of this node that are endpoints, each with itself",
            source,
            destination),
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
    return List.of(services, endpoints, refused, hairpins, localPods, cluster, unmasqueraded);
  }

  /** The fields of a virtual address, as they are in a packet. */
  Field[] virtualAddress() {
    return new Field[] {destination, Fields.L4PROTO, Fields.TH_DPORT};
  }
}
