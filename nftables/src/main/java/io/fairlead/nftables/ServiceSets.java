package io.fairlead.nftables;

import static io.fairlead.nftables.BaseTable.TABLE;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetData;
import io.fairlead.dataplane.netlink.nftables.expression.Field;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import java.util.ArrayList;
import java.util.List;

/**
 * The sets and maps of Services in one address family.
 *
 * @param hairpins local endpoints, each together with itself
 * @param restricted virtual addresses that only some networks may use
 * @param allowed these networks. The kernel copies such a set for each transaction that changes it:
 *     that costs what all Services allow together, and nothing where none restricts its clients
 * @param blocked the restricted addresses once more, to count what is dropped
 * @param clusterIps cluster IPs, whatever their ports
 * @param serviceCidrs where cluster IPs are allocated
 * @param detectedPods where pods of this node are known by their addresses, these
 * @param nodeAddresses the networks that node ports are restricted to
 * @param remembered which endpoint a client stays with
 */
record ServiceSets(
    FamilySets base,
    FrontendSets virtual,
    FrontendSets nodePorts,
    NfSet hairpins,
    NfSet restricted,
    NfSet allowed,
    NfSet blocked,
    NfSet clusterIps,
    NfSet serviceCidrs,
    NfSet detectedPods,
    NfSet nodeAddresses,
    NfSet remembered) {

  /** So many clients are remembered; others are served as if there were no affinity. */
  static final int REMEMBERED_CLIENTS = 1 << 17;

  /** Where {@link Target}s lead to. */
  static final NfSet BALANCE =
      NfSet.map(
          TABLE,
          "balance",
          "what to do and number of endpoints : chain",
          SetData.verdicts(),
          Fields.PRIORITY);

  private static final ServiceSets IPV4 = make(FamilySets.of(AddressFamily.IPV4));
  private static final ServiceSets IPV6 = make(FamilySets.of(AddressFamily.IPV6));

  static ServiceSets of(AddressFamily family) {
    return switch (family) {
      case IPV4 -> IPV4;
      case IPV6 -> IPV6;
    };
  }

  private static ServiceSets make(FamilySets base) {
    String suffix = "-" + base.suffix();
    Field source = base.source();
    Field destination = base.destination();
    FrontendSets virtual = FrontendSets.virtualAddresses(base);
    Field[] key = virtual.packet();
    return new ServiceSets(
        base,
        virtual,
        FrontendSets.nodePorts(base),
        NfSet.set(
            TABLE,
            "hairpin" + suffix,
            "pods of this node that are endpoints, each with itself",
            source,
            destination),
        NfSet.set(TABLE, "restricted" + suffix, "only for some clients", key),
        NfSet.set(
                TABLE,
                "allowed" + suffix,
                "the clients",
                destination,
                Fields.L4PROTO,
                Fields.TH_DPORT,
                source)
            .withIntervals(),
        NfSet.set(TABLE, "blocked" + suffix, "clients that are not allowed", key).withCounters(),
        NfSet.set(TABLE, "cluster-ip" + suffix, "unused ports are refused", destination),
        NfSet.set(TABLE, "service-cidr" + suffix, "unallocated ones are dropped", destination)
            .withIntervals(),
        NfSet.set(TABLE, "detected-pods" + suffix, "clients that are pods of this node", source)
            .withIntervals(),
        NfSet.set(TABLE, "node-address" + suffix, "node ports are served here", destination)
            .withIntervals(),
        NfSet.map(
                TABLE,
                "affinity" + suffix,
                "clients : endpoints",
                SetData.values(destination, Fields.TH_DPORT),
                source,
                destination,
                Fields.L4PROTO,
                Fields.TH_DPORT)
            .withDynamic(REMEMBERED_CLIENTS)
            .withTimeout(0));
  }

  /** The fields of a packet by which its client is remembered. */
  Field[] client() {
    return remembered.key().toArray(Field[]::new);
  }

  List<NfSet> all() {
    List<NfSet> sets = new ArrayList<>(virtual.all());
    sets.addAll(nodePorts.all());
    sets.addAll(
        List.of(
            hairpins,
            restricted,
            allowed,
            blocked,
            clusterIps,
            serviceCidrs,
            detectedPods,
            nodeAddresses,
            remembered));
    return sets;
  }
}
