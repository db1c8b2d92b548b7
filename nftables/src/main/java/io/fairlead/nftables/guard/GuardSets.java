package io.fairlead.nftables.guard;

import static io.fairlead.nftables.guard.GuardTable.TABLE;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.nftables.KeyBuilder;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.table.ElementSink;
import io.fairlead.dataplane.table.FamilyFields;
import java.util.List;
import java.util.Set;

/**
 * The sets of an address family, and those of both.
 *
 * @param networks where pods of any node have their addresses
 * @param own ports and the addresses behind them
 * @param bound the same with the link-layer address between them, where that is checked: what most
 *     frames are found in
 */
record GuardSets(FamilyFields fields, NfSet networks, NfSet own, NfSet bound) {

  static final NfSet PORTS = NfSet.set(TABLE, "ports", "of pods", Fields.IIFNAME);
  static final NfSet ANY_MAC =
      NfSet.set(TABLE, "any-mac", "ports whose link-layer address is not checked", Fields.IIFNAME);
  static final NfSet MACS =
      NfSet.set(TABLE, "macs", "ports : who is there", Fields.IIFNAME, Fields.ETHER_SADDR);
  static final NfSet CONFINED =
      NfSet.set(TABLE, "confined", "ports that send from their own addresses only", Fields.IIFNAME);

  private static final GuardSets IPV4 = make(FamilyFields.of(AddressFamily.IPV4));
  private static final GuardSets IPV6 = make(FamilyFields.of(AddressFamily.IPV6));

  static GuardSets of(AddressFamily family) {
    return switch (family) {
      case IPV4 -> IPV4;
      case IPV6 -> IPV6;
    };
  }

  private static GuardSets make(FamilyFields fields) {
    String suffix = "-" + fields.suffix();
    return new GuardSets(
        fields,
        NfSet.set(TABLE, "pod-networks" + suffix, "the pods of all nodes", fields.source())
            .withIntervals(),
        NfSet.set(TABLE, "own" + suffix, "", Fields.IIFNAME, fields.source()),
        NfSet.set(
            TABLE, "bound" + suffix, "", Fields.IIFNAME, Fields.ETHER_SADDR, fields.source()));
  }

  static List<NfSet> all() {
    return List.of(
        PORTS,
        ANY_MAC,
        MACS,
        CONFINED,
        IPV4.networks,
        IPV4.own,
        IPV4.bound,
        IPV6.networks,
        IPV6.own,
        IPV6.bound);
  }

  /**
   * Adds the elements of a port.
   *
   * @param addresses of all ports of its owner
   */
  static void add(GuardedPort port, Set<IpAddress> addresses, boolean confined, ElementSink sink) {
    SetElement link = SetElement.of(new KeyBuilder().interfaceName(port.link()).build());
    sink.add(PORTS, link);
    if (confined) {
      sink.add(CONFINED, link);
    }
    if (port.checksMac()) {
      sink.add(
          MACS, SetElement.of(new KeyBuilder().interfaceName(port.link()).mac(port.mac()).build()));
    } else {
      sink.add(ANY_MAC, link);
    }
    for (IpAddress address : addresses) {
      GuardSets sets = of(address.family());
      sink.add(
          sets.own,
          SetElement.of(new KeyBuilder().interfaceName(port.link()).address(address).build()));
      if (port.checksMac()) {
        sink.add(
            sets.bound,
            SetElement.of(
                new KeyBuilder()
                    .interfaceName(port.link())
                    .mac(port.mac())
                    .address(address)
                    .build()));
      }
    }
  }
}
