package io.fairlead.nftables;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfChain.Point;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.expression.CtKey;
import io.fairlead.dataplane.netlink.nftables.expression.Expression;
import io.fairlead.dataplane.netlink.nftables.expression.Masquerade;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectReference;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectType;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.table.ConnectionStates;
import io.fairlead.dataplane.table.TableShape;
import org.jspecify.annotations.Nullable;

/**
 * The part of the table that is the same on every node and never changes: what differs is in sets.
 *
 * <p>Pods' packets are accepted by the policy of our own forward chain. That settles nothing for
 * other tables: where one of them drops forwarded packets (Docker, firewalld), its drop stands.
 */
final class BaseTable {

  static final TableName TABLE = TableName.inet("fairlead");
  static final NfTable DEFINITION =
      NfTable.of(TABLE, "kept by fairlead: changes are undone; fairlead cleanup removes it");

  static final String NAT_POSTROUTING = "nat-postrouting";
  static final String FILTER_FORWARD = "filter-forward";
  private static final String INVALID = "drop-invalid";

  /** Priorities of linux/netfilter_ipv4.h. */
  static final int NF_IP_PRI_NAT_DST = -100;

  static final int NF_IP_PRI_FILTER = 0;
  static final int NF_IP_PRI_NAT_SRC = 100;

  /** enum ip_conntrack_status. */
  static final int STATUS_DNAT = 32;

  private BaseTable() {}

  /**
   * The shape of the table.
   *
   * @param services how Services are treated; null for a table without them
   */
  static TableShape shape(NodeNetwork network, @Nullable ServiceSettings services) {
    TableShape shape = new TableShape(DEFINITION);
    declare(shape);
    if (services != null) {
      NatRules.declare(shape);
      AccountRules.declare(shape);
      FilterRules.declare(shape);
      new NatRules(shape, services).add();
      new AccountRules(shape, services).add();
      new FilterRules(shape, services).addBeforeBase();
    }
    addRules(shape, network);
    TunnelPackets tunnel = network.tunnel();
    if (tunnel != null) {
      tunnel.addTo(shape);
    }
    if (services != null) {
      new FilterRules(shape, services).addAfterBase();
    }
    return shape;
  }

  private static void declare(TableShape shape) {
    shape.counter("invalid", "packets of pods that belong to no connection");
    for (AddressFamily family : AddressFamily.values()) {
      shape.sets(FamilySets.of(family).all());
    }
    shape.hook(
        FILTER_FORWARD,
        NfChain.Type.FILTER,
        Point.FORWARD,
        NF_IP_PRI_FILTER,
        "accepting here leaves other tables free to drop");
    shape.hook(NAT_POSTROUTING, NfChain.Type.NAT, Point.POSTROUTING, NF_IP_PRI_NAT_SRC, "");
    shape.chain(INVALID, "what conntrack cannot place would pass untranslated");
  }

  private static void addRules(TableShape shape, NodeNetwork network) {
    shape.rule(
        FILTER_FORWARD,
        "most packets end here",
        new RuleBuilder().connection(CtKey.STATE, ConnectionStates.KNOWN).verdict(Verdict.ACCEPT));
    shape.rule(
        FILTER_FORWARD,
        new RuleBuilder()
            .connection(CtKey.STATE, ConnectionStates.INVALID)
            .verdict(Verdict.jump(INVALID)));
    for (AddressFamily family : AddressFamily.values()) {
      addRules(shape, network, FamilySets.of(family));
    }
  }

  private static RuleBuilder of(FamilySets sets) {
    return new RuleBuilder().family(sets.family());
  }

  private static void addRules(TableShape shape, NodeNetwork network, FamilySets sets) {
    RuleBuilder invalidFrom = of(sets).in(sets.localPods().name(), sets.source());
    RuleBuilder invalidTo = of(sets).in(sets.localPods().name(), sets.destination());
    Expression count = new ObjectReference(ObjectType.COUNTER, "invalid");
    shape.rule(INVALID, invalidFrom.then(count).verdict(Verdict.DROP));
    shape.rule(INVALID, invalidTo.then(count).verdict(Verdict.DROP));
    Expression masquerade = new Masquerade(network.masqueradeRandomly());
    if (network.masquerade()) {
      shape.rule(
          NAT_POSTROUTING,
          "pods to the outside",
          of(sets)
              .in(sets.localPods().name(), sets.source())
              .notIn(sets.unmasqueraded().name(), sets.destination())
              .then(masquerade));
    }
    shape.rule(
        NAT_POSTROUTING,
        "this node to other nodes' pods: answers take the overlay, too",
        of(sets)
            .notIn(sets.cluster().name(), sets.source())
            .in(sets.cluster().name(), sets.destination())
            .notIn(sets.localPods().name(), sets.destination())
            .then(masquerade));
  }
}
