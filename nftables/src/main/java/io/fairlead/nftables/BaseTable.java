package io.fairlead.nftables;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfChain.Hook;
import io.fairlead.dataplane.netlink.nftables.NfChain.Point;
import io.fairlead.dataplane.netlink.nftables.NfCounter;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.CtKey;
import io.fairlead.dataplane.netlink.nftables.expression.Expression;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.Masquerade;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectReference;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectType;
import io.fairlead.dataplane.netlink.nftables.expression.Reject;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import java.util.ArrayList;
import java.util.List;

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

  static final String SERVICES = "services";
  private static final String REFUSE = "refuse";
  private static final String INVALID = "drop-invalid";
  private static final String NAT_PREROUTING = "nat-prerouting";
  private static final String NAT_OUTPUT = "nat-output";
  private static final String NAT_POSTROUTING = "nat-postrouting";
  private static final String FILTER_FORWARD = "filter-forward";
  private static final String FILTER_OUTPUT = "filter-output";

  /** Priorities of linux/netfilter_ipv4.h. */
  private static final int NF_IP_PRI_NAT_DST = -100;

  private static final int NF_IP_PRI_FILTER = 0;
  private static final int NF_IP_PRI_NAT_SRC = 100;

  /** Connection states and status: enum ip_conntrack_status, NF_CT_STATE_BIT. */
  private static final int STATE_INVALID = 1;

  private static final int STATE_KNOWN = 2 | 4;
  private static final int STATUS_DNAT = 32;

  private static final int TCP = 6;

  private BaseTable() {}

  static List<NfCounter> counters() {
    return List.of(
        NfCounter.of(TABLE, "refused", "packets to services without endpoints"),
        NfCounter.of(TABLE, "invalid", "packets of pods that belong to no connection"));
  }

  static List<NfSet> sets() {
    List<NfSet> sets = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      sets.addAll(FamilySets.of(family).all());
    }
    return sets;
  }

  static List<NfChain> chains() {
    return List.of(
        base(
            NAT_PREROUTING,
            NfChain.Type.NAT,
            Point.PREROUTING,
            NF_IP_PRI_NAT_DST,
            "new connections of pods and from outside"),
        base(
            NAT_OUTPUT,
            NfChain.Type.NAT,
            Point.OUTPUT,
            NF_IP_PRI_NAT_DST,
            "new connections of this node"),
        base(
            FILTER_FORWARD,
            NfChain.Type.FILTER,
            Point.FORWARD,
            NF_IP_PRI_FILTER,
            "accepting here leaves other tables free to drop"),
        base(FILTER_OUTPUT, NfChain.Type.FILTER, Point.OUTPUT, NF_IP_PRI_FILTER, ""),
        base(NAT_POSTROUTING, NfChain.Type.NAT, Point.POSTROUTING, NF_IP_PRI_NAT_SRC, ""),
        NfChain.regular(TABLE, SERVICES, "by the number of endpoints: goto endpoints-N"),
        NfChain.regular(TABLE, REFUSE, "tell the client at once that nobody is there"),
        NfChain.regular(TABLE, INVALID, "what conntrack cannot place would pass untranslated"));
  }

  private static NfChain base(
      String name, NfChain.Type type, Point point, int priority, String comment) {
    return new NfChain(TABLE, name, Hook.accepting(type, point, priority), comment);
  }

  private static NfRule rule(String chain, String comment, RuleBuilder builder) {
    return NfRule.of(TABLE, chain, comment, builder.build());
  }

  static List<NfRule> rules() {
    List<NfRule> rules = new ArrayList<>();
    rules.add(rule(NAT_PREROUTING, "", jump(SERVICES)));
    rules.add(rule(NAT_OUTPUT, "", jump(SERVICES)));
    rules.add(
        rule(
            FILTER_FORWARD,
            "most packets end here",
            new RuleBuilder().connection(CtKey.STATE, STATE_KNOWN).verdict(Verdict.ACCEPT)));
    rules.add(
        rule(
            FILTER_FORWARD,
            "",
            new RuleBuilder()
                .connection(CtKey.STATE, STATE_INVALID)
                .verdict(Verdict.jump(INVALID))));
    for (AddressFamily family : AddressFamily.values()) {
      rules.addAll(rules(FamilySets.of(family)));
    }
    rules.add(
        rule(
            REFUSE,
            "",
            new RuleBuilder().then(new ObjectReference(ObjectType.COUNTER, "refused"))));
    rules.add(
        rule(
            REFUSE,
            "",
            new RuleBuilder().equal(Fields.L4PROTO, Bytes.u8(TCP)).then(Reject.TCP_RESET)));
    rules.add(rule(REFUSE, "", new RuleBuilder().then(Reject.PORT_UNREACHABLE)));
    return rules;
  }

  private static RuleBuilder jump(String chain) {
    return new RuleBuilder().verdict(Verdict.jump(chain));
  }

  private static RuleBuilder of(FamilySets sets) {
    return new RuleBuilder().family(sets.family());
  }

  private static List<NfRule> rules(FamilySets sets) {
    Expression masquerade = new Masquerade(true);
    RuleBuilder invalidFrom = of(sets).in(sets.localPods().name(), sets.source());
    RuleBuilder invalidTo = of(sets).in(sets.localPods().name(), sets.destination());
    Expression count = new ObjectReference(ObjectType.COUNTER, "invalid");
    return List.of(
        rule(SERVICES, "", of(sets).vmap(sets.services().name(), sets.virtualAddress())),
        rule(FILTER_FORWARD, "", refuse(sets)),
        rule(FILTER_OUTPUT, "", refuse(sets)),
        rule(INVALID, "", invalidFrom.then(count).verdict(Verdict.DROP)),
        rule(INVALID, "", invalidTo.then(count).verdict(Verdict.DROP)),
        rule(
            NAT_POSTROUTING,
            "a pod that reaches itself through a service",
            new RuleBuilder()
                .connection(CtKey.STATUS, STATUS_DNAT)
                .family(sets.family())
                .in(sets.hairpins().name(), sets.source(), sets.destination())
                .then(masquerade)),
        rule(
            NAT_POSTROUTING,
            "pods to the outside",
            of(sets)
                .in(sets.localPods().name(), sets.source())
                .notIn(sets.unmasqueraded().name(), sets.destination())
                .then(masquerade)),
        rule(
            NAT_POSTROUTING,
            "this node to other nodes' pods: answers take the overlay, too",
            of(sets)
                .notIn(sets.cluster().name(), sets.source())
                .in(sets.cluster().name(), sets.destination())
                .notIn(sets.localPods().name(), sets.destination())
                .then(masquerade)));
  }

  private static RuleBuilder refuse(FamilySets sets) {
    return of(sets).in(sets.refused().name(), sets.virtualAddress()).verdict(Verdict.goTo(REFUSE));
  }
}
