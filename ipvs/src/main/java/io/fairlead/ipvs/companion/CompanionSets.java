package io.fairlead.ipvs.companion;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetData;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.expression.Field;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.table.FamilyFields;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The sets and maps of one address family. Where nothing else is said, they are keyed by virtual
 * address, protocol and port.
 *
 * @param restricted only for some clients
 * @param allowed these clients: also keyed by networks of sources. The kernel copies such a set for
 *     each transaction that changes it: that costs what all Services allow together, and nothing
 *     where none restricts its clients
 * @param blocked the restricted addresses once more, to count what is dropped
 * @param masquerade by client: whose source address is replaced
 * @param insideMarks the marks that clients inside get
 * @param refusedInside without endpoints for clients inside: told so
 * @param refusedOutside the same for clients outside
 * @param droppedInside without endpoints here for clients inside: silence
 * @param droppedOutside the same for clients outside
 * @param virtual addresses of Services, whatever their ports
 * @param serviceCidrs where cluster IPs are allocated
 * @param virtualServers which virtual servers of IPVS are ours; no rule looks here
 * @param hairpins endpoints that may be on this node, each together with itself
 * @param detectedPods where pods of this node are known by their addresses, these
 */
record CompanionSets(
    FamilyFields fields,
    NfSet restricted,
    NfSet allowed,
    NfSet blocked,
    Map<Client, NfSet> masquerade,
    NfSet insideMarks,
    NfSet refusedInside,
    NfSet refusedOutside,
    NfSet droppedInside,
    NfSet droppedOutside,
    NfSet virtual,
    NfSet serviceCidrs,
    NfSet virtualServers,
    NfSet hairpins,
    NfSet detectedPods) {

  static final TableName TABLE = TableName.inet("fairlead-ipvs");

  private static final CompanionSets IPV4 = new Maker(AddressFamily.IPV4).make();
  private static final CompanionSets IPV6 = new Maker(AddressFamily.IPV6).make();

  static CompanionSets of(AddressFamily family) {
    return switch (family) {
      case IPV4 -> IPV4;
      case IPV6 -> IPV6;
    };
  }

  private static final class Maker {

    private final FamilyFields fields;
    private final Field[] key;

    Maker(AddressFamily family) {
      fields = FamilyFields.of(family);
      key = new Field[] {fields.destination(), Fields.L4PROTO, Fields.TH_DPORT};
    }

    private NfSet set(String name, String comment, Field... of) {
      return NfSet.set(TABLE, name + "-" + fields.suffix(), comment, of);
    }

    CompanionSets make() {
      Map<Client, NfSet> masquerade = new EnumMap<>(Client.class);
      masquerade.put(Client.PODS, set("masquerade-pods", "for pods of this node", key));
      masquerade.put(Client.NODE, set("masquerade-node", "for this node itself", key));
      masquerade.put(Client.OUTSIDE, set("masquerade-outside", "for everyone else", key));
      return new CompanionSets(
          fields,
          set("restricted", "only for some clients", key),
          set(
                  "allowed",
                  "the clients",
                  fields.destination(),
                  Fields.L4PROTO,
                  Fields.TH_DPORT,
                  fields.source())
              .withIntervals(),
          set("blocked", "clients that are not allowed", key).withCounters(),
          masquerade,
          NfSet.map(
              TABLE,
              "inside-mark-" + fields.suffix(),
              "virtual servers for pods of this node and the node",
              SetData.values(Fields.MARK),
              key),
          set("refused-inside", "without endpoints", key).withCounters(),
          set("refused-outside", "without endpoints", key).withCounters(),
          set("dropped-inside", "without endpoints here", key).withCounters(),
          set("dropped-outside", "without endpoints here", key).withCounters(),
          set("virtual", "unused ports are refused", fields.destination()),
          set("service-cidr", "unallocated ones are dropped", fields.destination()).withIntervals(),
          set("virtual-server", "those of IPVS that are fairlead's", key),
          set(
              "hairpin",
              "endpoints on this node, each with itself",
              fields.source(),
              fields.destination()),
          set("detected-pods", "clients that are pods of this node", fields.source())
              .withIntervals());
    }
  }

  /** The fields of a packet to a frontend. */
  Field[] key() {
    return restricted.key().toArray(Field[]::new);
  }

  NfSet masquerade(Client client) {
    NfSet set = masquerade.get(client);
    if (set == null) {
      throw new IllegalStateException("no set for " + client);
    }
    return set;
  }

  NfSet refused(Client client) {
    return client.isInside() ? refusedInside : refusedOutside;
  }

  NfSet dropped(Client client) {
    return client.isInside() ? droppedInside : droppedOutside;
  }

  List<NfSet> all() {
    List<NfSet> sets = new ArrayList<>(masquerade.values());
    sets.addAll(
        List.of(
            restricted,
            allowed,
            blocked,
            insideMarks,
            refusedInside,
            refusedOutside,
            droppedInside,
            droppedOutside,
            virtual,
            serviceCidrs,
            virtualServers,
            hairpins,
            detectedPods));
    return sets;
  }
}
