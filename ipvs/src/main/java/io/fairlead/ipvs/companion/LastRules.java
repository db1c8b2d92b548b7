package io.fairlead.ipvs.companion;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfChain.Point;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.CtKey;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.Masquerade;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectReference;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectType;
import io.fairlead.dataplane.netlink.nftables.expression.Reject;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.table.ConnectionStates;
import io.fairlead.dataplane.table.TableShape;

/**
 * What packets meet behind IPVS: masquerade on their way to an endpoint, or refusal of what IPVS
 * has left here. The routes make all virtual addresses this node's own, so nothing but these rules
 * keeps clients of such an address from the programs that listen on all of the node's addresses.
 */
final class LastRules {

  private static final String POSTROUTING = "postrouting";
  private static final String UNUSED = "unused";
  private static final String UNUSED_PORTS = "unused-ports";
  private static final String REFUSED = "refused";
  private static final String UNALLOCATED = "unallocated";

  /** IPVS is at 98 and 99. */
  private static final int BEHIND_IPVS_IN = 110;

  /** Just before NF_IP_PRI_NAT_SRC: the first of several rules in nat that translates decides. */
  private static final int BEFORE_SOURCE_NAT = 99;

  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;

  private final TableShape shape;
  private final int bit;
  private final Masquerade masquerade;

  LastRules(TableShape shape, ServiceSettings settings) {
    this.shape = shape;
    this.bit = settings.masqueradeMark();
    this.masquerade = new Masquerade(settings.masqueradeRandomly());
  }

  static void declare(TableShape shape) {
    shape.counter(REFUSED, "packets to services without endpoints, and to unused ports");
    shape.counter(UNALLOCATED, "packets to cluster IPs that no service has");
    shape.hook(UNUSED, NfChain.Type.FILTER, Point.INPUT, BEHIND_IPVS_IN, "what IPVS has not taken");
    shape.hook(POSTROUTING, NfChain.Type.NAT, Point.POSTROUTING, BEFORE_SOURCE_NAT, "");
    shape.chain(UNUSED_PORTS, "of addresses that are virtual");
    shape.chain(CompanionRules.REFUSE, "tell the client at once that nobody is there");
  }

  void add() {
    addPostrouting();
    addUnused();
    shape.rule(
        CompanionRules.REFUSE,
        new RuleBuilder().then(new ObjectReference(ObjectType.COUNTER, REFUSED)));
    shape.rule(CompanionRules.REFUSE, of(Protocol.TCP.number()).then(Reject.TCP_RESET));
    shape.rule(CompanionRules.REFUSE, new RuleBuilder().then(Reject.PORT_UNREACHABLE));
  }

  private static RuleBuilder of(int protocol) {
    return new RuleBuilder().equal(Fields.L4PROTO, Bytes.u8(protocol));
  }

  private RuleBuilder insideMark() {
    return new RuleBuilder().marked(InsideMark.MASK, InsideMark.prefix(bit));
  }

  private void addPostrouting() {
    shape.rule(
        POSTROUTING,
        "of clients inside with an endpoint elsewhere, this node alone",
        insideMark().fromThisHost().setMark(0).then(masquerade));
    shape.rule(POSTROUTING, insideMark().setMark(0));
    shape.rule(
        POSTROUTING,
        "clients of services that ask for it",
        new RuleBuilder().marked(bit).unmark(bit).then(masquerade));
    for (AddressFamily family : AddressFamily.values()) {
      CompanionSets sets = CompanionSets.of(family);
      shape.rule(
          POSTROUTING,
          "a pod that reaches itself through a service",
          CompanionRules.of(family)
              .in(sets.hairpins().name(), sets.fields().source(), sets.fields().destination())
              .then(masquerade));
    }
  }

  private void addUnused() {
    shape.rule(
        UNUSED,
        "most packets end here",
        new RuleBuilder().connection(CtKey.STATE, ConnectionStates.KNOWN).verdict(Verdict.ACCEPT));
    shape.rule(UNUSED, "what stays here needs no masquerade", insideMark().setMark(0));
    shape.rule(UNUSED, new RuleBuilder().marked(bit).unmark(bit));
    for (AddressFamily family : AddressFamily.values()) {
      CompanionSets sets = CompanionSets.of(family);
      shape.rule(
          UNUSED,
          CompanionRules.of(family)
              .in(sets.virtual().name(), sets.fields().destination())
              .verdict(Verdict.goTo(UNUSED_PORTS)));
      shape.rule(
          UNUSED,
          CompanionRules.of(family)
              .in(sets.serviceCidrs().name(), sets.fields().destination())
              .then(new ObjectReference(ObjectType.COUNTER, UNALLOCATED))
              .verdict(Verdict.DROP));
    }
    for (int protocol : new int[] {ICMP, ICMPV6}) {
      shape.rule(
          UNUSED_PORTS, "virtual addresses answer pings", of(protocol).verdict(Verdict.ACCEPT));
    }
    shape.rule(UNUSED_PORTS, new RuleBuilder().verdict(Verdict.goTo(CompanionRules.REFUSE)));
  }
}
