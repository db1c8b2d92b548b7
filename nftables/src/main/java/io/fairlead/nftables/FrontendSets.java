package io.fairlead.nftables;

import static io.fairlead.nftables.BaseTable.TABLE;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetData;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Field;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.NumberField;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.dataplane.table.ServiceKeys;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sets and maps that are keyed by virtual addresses, or by node ports, of one address family.
 *
 * @param key the fields of a packet to the frontend
 * @param originalKey the same of a connection that was translated
 * @param services the number of endpoints, and what else {@link Target} says
 * @param localServices the same for clients from outside, where they are treated apart
 * @param endpoints endpoints by their slots, which count from 0 without gaps; those for clients
 *     from outside count from {@link #LOCAL_SLOTS}
 * @param refused frontends without endpoints: told so
 * @param dropped frontends without endpoints here: silence
 * @param localDropped silence for clients from outside
 * @param connections counts connections
 * @param traffic counts packets and bytes of both directions
 * @param affinity frontends whose clients stay with their endpoint
 */
record FrontendSets(
    AddressFamily family,
    List<Field> key,
    List<Field> originalKey,
    NfSet services,
    NfSet localServices,
    NfSet endpoints,
    NfSet refused,
    NfSet dropped,
    NfSet localDropped,
    NfSet connections,
    NfSet traffic,
    NfSet affinity) {

  /** Where the slots begin that only clients from outside are sent to. */
  static final int LOCAL_SLOTS = 1 << 24;

  /** The sets that an address belongs to. */
  static FrontendSets of(FrontendAddress address) {
    ServiceSets sets = ServiceSets.of(address.family());
    return switch (address) {
      case VirtualAddress _ -> sets.virtual();
      case NodePort _ -> sets.nodePorts();
    };
  }

  static FrontendSets virtualAddresses(FamilySets family) {
    return make(
        family,
        "",
        List.of(family.destination(), Fields.L4PROTO, Fields.TH_DPORT),
        List.of(family.fields().originalDestination(), Fields.L4PROTO, Fields.ORIGINAL_DPORT));
  }

  static FrontendSets nodePorts(FamilySets family) {
    return make(
        family,
        "node-port-",
        List.of(Fields.L4PROTO, Fields.TH_DPORT),
        List.of(Fields.L4PROTO, Fields.ORIGINAL_DPORT));
  }

  private static FrontendSets make(
      FamilySets family, String prefix, List<Field> key, List<Field> originalKey) {
    String suffix = "-" + family.suffix();
    Field[] fields = key.toArray(Field[]::new);
    List<Field> slot = new ArrayList<>(key);
    slot.add(NumberField.random(65536));
    SetData endpoint = SetData.values(family.destination(), Fields.TH_DPORT);
    SetData target = SetData.values(Fields.PRIORITY);
    return new FrontendSets(
        family.family(),
        key,
        originalKey,
        NfSet.map(
            TABLE, prefix + "service" + suffix, "what to do : number of endpoints", target, fields),
        NfSet.map(
            TABLE, prefix + "local-service" + suffix, "for clients from outside", target, fields),
        NfSet.map(
            TABLE,
            prefix + "endpoint" + suffix,
            "and slot : endpoint",
            endpoint,
            slot.toArray(Field[]::new)),
        counting(prefix + "refused" + suffix, "without endpoints", fields),
        counting(prefix + "dropped" + suffix, "without endpoints here", fields),
        counting(prefix + "local-dropped" + suffix, "silence for the outside", fields),
        counting(prefix + "connection" + suffix, "connections", fields),
        counting(prefix + "traffic" + suffix, "packets and bytes of both directions", fields),
        NfSet.map(
            TABLE,
            prefix + "affinity-service" + suffix,
            "where clients stay : for how long",
            SetData.verdicts(),
            fields));
  }

  private static NfSet counting(String name, String comment, Field... key) {
    return NfSet.set(TABLE, name, comment, key).withCounters();
  }

  List<NfSet> all() {
    return List.of(
        services,
        localServices,
        endpoints,
        refused,
        dropped,
        localDropped,
        connections,
        traffic,
        affinity);
  }

  /** The frontend that a key has at {@code at}, or null if there is none. */
  @Nullable FrontendAddress address(Bytes elementKey, int at) {
    return key.size() == 3
        ? ServiceKeys.virtualAddress(elementKey, at, family)
        : ServiceElements.nodePort(elementKey, at, family);
  }

  /** The fields of a packet to the frontend. */
  Field[] packet() {
    return key.toArray(Field[]::new);
  }

  /** The fields of a translated connection to the frontend. */
  Field[] connection() {
    return originalKey.toArray(Field[]::new);
  }
}
