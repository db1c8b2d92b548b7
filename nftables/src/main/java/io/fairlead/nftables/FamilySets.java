package io.fairlead.nftables;

import static io.fairlead.nftables.BaseTable.TABLE;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.expression.Field;
import io.fairlead.dataplane.table.FamilyFields;
import java.util.List;

/** The sets that every mode needs of an address family, and the family's fields. */
record FamilySets(FamilyFields fields, NfSet localPods, NfSet cluster, NfSet unmasqueraded) {

  private static final FamilySets IPV4 = make(FamilyFields.of(AddressFamily.IPV4));
  private static final FamilySets IPV6 = make(FamilyFields.of(AddressFamily.IPV6));

  static FamilySets of(AddressFamily family) {
    return switch (family) {
      case IPV4 -> IPV4;
      case IPV6 -> IPV6;
    };
  }

  private static FamilySets make(FamilyFields fields) {
    String suffix = "-" + fields.suffix();
    return new FamilySets(
        fields,
        NfSet.set(TABLE, "local-pods" + suffix, "the pods of this node", fields.source())
            .withIntervals(),
        NfSet.set(TABLE, "cluster" + suffix, "the pods of all nodes", fields.source())
            .withIntervals(),
        NfSet.set(
                TABLE,
                "unmasqueraded" + suffix,
                "where pods are known by their own addresses",
                fields.destination())
            .withIntervals());
  }

  AddressFamily family() {
    return fields.family();
  }

  String suffix() {
    return fields.suffix();
  }

  Field source() {
    return fields.source();
  }

  Field destination() {
    return fields.destination();
  }

  List<NfSet> all() {
    return List.of(localPods, cluster, unmasqueraded);
  }
}
