package io.fairlead.nftables.hostport;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.nftables.KeyBuilder;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetData;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.expression.Field;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.table.ElementSink;
import io.fairlead.dataplane.table.FamilyFields;
import java.util.List;

/**
 * The sets and maps of an address family.
 *
 * @param ports served on all of the node's addresses
 * @param addressPorts served on single addresses
 * @param pods those that have host ports
 * @param hairpins the same, each with itself
 */
record HostPortSets(
    FamilyFields fields, NfSet ports, NfSet addressPorts, NfSet pods, NfSet hairpins) {

  static final TableName TABLE = TableName.inet("fairlead-host-ports");

  private static final HostPortSets IPV4 = make(FamilyFields.of(AddressFamily.IPV4));
  private static final HostPortSets IPV6 = make(FamilyFields.of(AddressFamily.IPV6));

  static HostPortSets of(AddressFamily family) {
    return switch (family) {
      case IPV4 -> IPV4;
      case IPV6 -> IPV6;
    };
  }

  private static HostPortSets make(FamilyFields fields) {
    String suffix = "-" + fields.suffix();
    Field source = fields.source();
    Field destination = fields.destination();
    SetData target = SetData.values(destination, Fields.TH_DPORT);
    return new HostPortSets(
        fields,
        NfSet.map(
            TABLE,
            "port" + suffix,
            "of all addresses : pod",
            target,
            Fields.L4PROTO,
            Fields.TH_DPORT),
        NfSet.map(
            TABLE,
            "address-port" + suffix,
            "of one address : pod",
            target,
            destination,
            Fields.L4PROTO,
            Fields.TH_DPORT),
        NfSet.set(TABLE, "pod" + suffix, "pods with host ports", destination),
        NfSet.set(
            TABLE,
            "hairpin" + suffix,
            "pods with host ports, each with itself",
            source,
            destination));
  }

  List<NfSet> all() {
    return List.of(ports, addressPorts, pods, hairpins);
  }

  /** The map that the host port is an element of. */
  static NfSet map(HostSocket at) {
    HostPortSets sets = of(at.family());
    return at.address() == null ? sets.ports : sets.addressPorts;
  }

  /** Adds or removes what a pod needs that has host ports, whatever their number. */
  void pod(IpAddress pod, boolean present, ElementSink sink) {
    SetElement single = SetElement.of(new KeyBuilder().address(pod).build());
    SetElement pair = SetElement.of(new KeyBuilder().address(pod).address(pod).build());
    if (present) {
      sink.add(pods, single);
      sink.add(hairpins, pair);
    } else {
      sink.remove(pods, single);
      sink.remove(hairpins, pair);
    }
  }
}
