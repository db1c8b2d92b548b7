package io.fairlead.nftables.policy;

import static io.fairlead.nftables.policy.PolicyTable.TABLE;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetData;
import io.fairlead.dataplane.netlink.nftables.expression.Field;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.table.FamilyFields;
import java.util.List;

/**
 * The sets and maps of an address family that are always there, whatever policies there are.
 *
 * @param networks where pods of this node have their addresses
 * @param admitted addresses of pods that are let in
 * @param itself each isolated pod's address, twice
 * @param ingress isolated pods' addresses and the number of what isolates them; likewise {@code
 *     egress}
 * @param cut ends of answers of flows that were cut, which {@link CutSet} writes
 */
record PolicySets(
    FamilyFields fields,
    NfSet networks,
    NfSet admitted,
    NfSet itself,
    NfSet ingress,
    NfSet egress,
    NfSet cut) {

  /**
   * How long answers are refused after the last one came. Of UDP, conntrack would have forgotten
   * the flow earlier (nf_conntrack_udp_timeout_stream, two minutes), and what its server sent then
   * would have been a new one.
   */
  private static final long CUT_MILLIS = 300_000;

  /** Some ten megabytes at most. */
  private static final int CUT_LIMIT = 65_536;

  private static final PolicySets IPV4 = make(FamilyFields.of(AddressFamily.IPV4));
  private static final PolicySets IPV6 = make(FamilyFields.of(AddressFamily.IPV6));

  static PolicySets of(AddressFamily family) {
    return switch (family) {
      case IPV4 -> IPV4;
      case IPV6 -> IPV6;
    };
  }

  private static PolicySets make(FamilyFields fields) {
    String suffix = "-" + fields.suffix();
    return new PolicySets(
        fields,
        NfSet.set(TABLE, "pod-networks" + suffix, "the pods of this node", fields.source())
            .withIntervals(),
        NfSet.set(TABLE, "admitted" + suffix, "pods that are let in", fields.source()),
        NfSet.set(
            TABLE,
            "itself" + suffix,
            "a pod may reach itself",
            fields.source(),
            fields.destination()),
        isolated(PolicyDirection.INGRESS, fields.destination(), suffix),
        isolated(PolicyDirection.EGRESS, fields.source(), suffix),
        NfSet.set(TABLE, "cut" + suffix, "answers of flows that were cut", answer(fields))
            .withDynamic(CUT_LIMIT)
            .withTimeout(CUT_MILLIS));
  }

  private static Field[] answer(FamilyFields fields) {
    return new Field[] {
      fields.source(), Fields.TH_SPORT, fields.destination(), Fields.TH_DPORT, Fields.L4PROTO
    };
  }

  /** Where a packet has the key of {@link #cut}. */
  Field[] answer() {
    return answer(fields);
  }

  private static NfSet isolated(PolicyDirection direction, Field pod, String suffix) {
    return NfSet.map(
        TABLE,
        direction.text() + suffix,
        "isolated pods : number in " + chains(direction).name(),
        SetData.values(Fields.PRIORITY),
        pod);
  }

  /** The chains of the numbers in the maps of a direction, of both families. */
  static NfSet chains(PolicyDirection direction) {
    return NfSet.map(
        TABLE, direction.text() + "-chains", "number : chain", SetData.verdicts(), Fields.PRIORITY);
  }

  AddressFamily family() {
    return fields.family();
  }

  /** The map of the pods that are isolated in a direction. */
  NfSet isolated(PolicyDirection direction) {
    return switch (direction) {
      case INGRESS -> ingress;
      case EGRESS -> egress;
    };
  }

  /** Where a packet has the address of the pod that policies of a direction select. */
  Field pod(PolicyDirection direction) {
    return switch (direction) {
      case INGRESS -> fields.destination();
      case EGRESS -> fields.source();
    };
  }

  /** Where a packet has the address of the pod's peer. */
  Field peer(PolicyDirection direction) {
    return switch (direction) {
      case INGRESS -> fields.source();
      case EGRESS -> fields.destination();
    };
  }

  List<NfSet> all() {
    return List.of(networks, admitted, itself, ingress, egress, cut);
  }
}
