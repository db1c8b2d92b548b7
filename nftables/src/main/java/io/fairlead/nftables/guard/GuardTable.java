package io.fairlead.nftables.guard;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfFamily;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Cmp;
import io.fairlead.dataplane.netlink.nftables.expression.CmpOperator;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.Lookup;
import io.fairlead.dataplane.netlink.nftables.expression.Meta;
import io.fairlead.dataplane.netlink.nftables.expression.MetaKey;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectReference;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectType;
import io.fairlead.dataplane.netlink.nftables.expression.Payload;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.table.TableShape;

/**
 * The rules, which are the same whatever ports there are. They come before anything else that
 * bridges do with a frame, and accept nothing for others: their tables still judge it.
 *
 * <p>The two fast rules let pass what nearly all frames are, with one look into a hash table. They
 * come before the question whether the port is guarded at all, since frames of other ports are the
 * rarer ones on a node.
 */
final class GuardTable {

  static final TableName TABLE = new TableName(NfFamily.BRIDGE, "fairlead-guard");

  private static final NfTable DEFINITION =
      NfTable.of(TABLE, "kept by fairlead: changes are undone; fairlead cleanup removes it");

  private static final String PREROUTING = "prerouting";
  private static final String GUARD = "guard";
  private static final String IPV6 = "ipv6";
  private static final String ICMPV6 = "icmpv6";

  /** NF_BR_PRI_NAT_DST_BRIDGED of linux/netfilter_bridge.h: before br_netfilter, which is 0. */
  private static final int PRIORITY = -300;

  /** linux/if_ether.h. */
  private static final Bytes ETH_P_IP = Bytes.u16Be(0x0800);

  private static final Bytes ETH_P_ARP = Bytes.u16Be(0x0806);
  private static final Bytes ETH_P_IPV6 = Bytes.u16Be(0x86dd);

  private static final Bytes IPPROTO_ICMPV6 = Bytes.u8(58);

  /** RFC 4861. */
  private static final int ROUTER_ADVERTISEMENT = 134;

  private static final int NEIGHBOUR_ADVERTISEMENT = 136;
  private static final int REDIRECT = 137;

  /** Where an advertisement has the address that it is about. */
  private static final int TARGET = 8;

  /** What the bridge itself solicits neighbours from, and pods know the node by. */
  private static final IpAddress BRIDGE = IpAddress.parse("fe80::1");

  private static final Cidr LINK_LOCAL = Cidr.parse("fe80::/10");

  private final TableShape shape = new TableShape(DEFINITION);

  private GuardTable() {}

  static TableShape shape() {
    GuardTable table = new GuardTable();
    table.declare();
    table.addFast();
    table.addGuard();
    table.addIpv6();
    table.addIcmpv6();
    return table.shape;
  }

  private void declare() {
    for (DropReason reason : DropReason.values()) {
      shape.counter(reason.text(), reason.comment());
    }
    shape.sets(GuardSets.all());
    shape.hook(PREROUTING, NfChain.Type.FILTER, NfChain.Point.PREROUTING, PRIORITY, "");
    shape.chain(GUARD, "of pods, and not known to be right");
    shape.chain(IPV6, "");
    shape.chain(ICMPV6, "of whom it says that it is from");
  }

  private static GuardSets sets(AddressFamily family) {
    return GuardSets.of(family);
  }

  private static RuleBuilder type(Bytes type) {
    return new RuleBuilder().equal(Fields.ETHER_TYPE, type);
  }

  private static RuleBuilder drop(RuleBuilder rule, DropReason reason) {
    return rule.then(new ObjectReference(ObjectType.COUNTER, reason.text())).verdict(Verdict.DROP);
  }

  private void addFast() {
    GuardSets ipv4 = sets(AddressFamily.IPV4);
    GuardSets ipv6 = sets(AddressFamily.IPV6);
    shape.rule(
        PREROUTING,
        "most frames end here",
        type(ETH_P_IP)
            .in(ipv4.bound().name(), Fields.IIFNAME, Fields.ETHER_SADDR, Fields.IP_SADDR)
            .verdict(Verdict.ACCEPT));
    shape.rule(
        PREROUTING,
        "or here",
        type(ETH_P_IPV6)
            .notEqual(Fields.L4PROTO, IPPROTO_ICMPV6)
            .in(ipv6.bound().name(), Fields.IIFNAME, Fields.ETHER_SADDR, Fields.IP6_SADDR)
            .verdict(Verdict.ACCEPT));
    shape.rule(
        PREROUTING,
        new RuleBuilder().in(GuardSets.PORTS.name(), Fields.IIFNAME).verdict(Verdict.goTo(GUARD)));
  }

  private void addGuard() {
    GuardSets ipv4 = sets(AddressFamily.IPV4);
    shape.rule(
        GUARD,
        drop(
            new RuleBuilder()
                .notIn(GuardSets.ANY_MAC.name(), Fields.IIFNAME)
                .notIn(GuardSets.MACS.name(), Fields.IIFNAME, Fields.ETHER_SADDR),
            DropReason.MAC));
    shape.rule(GUARD, type(ETH_P_IPV6).verdict(Verdict.goTo(IPV6)));
    shape.rule(
        GUARD,
        "where the link-layer address is not checked",
        type(ETH_P_IP)
            .in(ipv4.own().name(), Fields.IIFNAME, Fields.IP_SADDR)
            .verdict(Verdict.ACCEPT));
    shape.rule(
        GUARD,
        "another pod's",
        drop(type(ETH_P_IP).in(ipv4.networks().name(), Fields.IP_SADDR), DropReason.IPV4_SOURCE));
    shape.rule(
        GUARD,
        "anybody's: only who has no address yet has an excuse",
        drop(
            type(ETH_P_IP)
                .notEqual(Fields.IP_SADDR, Bytes.zeros(4))
                .in(GuardSets.CONFINED.name(), Fields.IIFNAME),
            DropReason.IPV4_SOURCE));
    shape.rule(GUARD, type(ETH_P_IP).verdict(Verdict.ACCEPT));
    shape.rule(
        GUARD,
        drop(new RuleBuilder().notEqual(Fields.ETHER_TYPE, ETH_P_ARP), DropReason.ETHER_TYPE));
    shape.rule(
        GUARD,
        new RuleBuilder()
            .in(ipv4.own().name(), Fields.IIFNAME, Fields.ARP_SADDR_IP)
            .verdict(Verdict.ACCEPT));
    shape.rule(
        GUARD,
        drop(new RuleBuilder().in(ipv4.networks().name(), Fields.ARP_SADDR_IP), DropReason.ARP));
  }

  private void addIpv6() {
    GuardSets ipv6 = sets(AddressFamily.IPV6);
    shape.rule(
        IPV6,
        new RuleBuilder()
            .in(ipv6.own().name(), Fields.IIFNAME, Fields.IP6_SADDR)
            .verdict(Verdict.goTo(ICMPV6)));
    shape.rule(
        IPV6,
        "another pod's",
        drop(
            new RuleBuilder().in(ipv6.networks().name(), Fields.IP6_SADDR),
            DropReason.IPV6_SOURCE));
    shape.rule(
        IPV6,
        "the bridge's",
        drop(new RuleBuilder().equal(Fields.IP6_SADDR, Bytes.of(BRIDGE)), DropReason.IPV6_SOURCE));
    shape.rule(
        IPV6, new RuleBuilder().within(Fields.IP6_SADDR, LINK_LOCAL).verdict(Verdict.goTo(ICMPV6)));
    shape.rule(
        IPV6,
        "anybody's: only who has no address yet has an excuse",
        drop(
            new RuleBuilder()
                .notEqual(Fields.IP6_SADDR, Bytes.zeros(16))
                .in(GuardSets.CONFINED.name(), Fields.IIFNAME),
            DropReason.IPV6_SOURCE));
    shape.rule(IPV6, new RuleBuilder().verdict(Verdict.goTo(ICMPV6)));
  }

  /** Behind extension headers, too: the kernel has found where the message begins. */
  private static RuleBuilder message(int type) {
    return new RuleBuilder()
        .equal(Fields.L4PROTO, IPPROTO_ICMPV6)
        .then(new Payload(Payload.Base.TRANSPORT, 0, 1, 0))
        .then(new Cmp(CmpOperator.EQUAL, 0, Bytes.u8(type)));
  }

  private static Payload target(int register) {
    return new Payload(Payload.Base.TRANSPORT, TARGET, 16, register);
  }

  private void addIcmpv6() {
    GuardSets ipv6 = sets(AddressFamily.IPV6);
    int behindName = Fields.IIFNAME.registers();
    shape.rule(ICMPV6, drop(message(ROUTER_ADVERTISEMENT), DropReason.ROUTER));
    shape.rule(ICMPV6, drop(message(REDIRECT), DropReason.ROUTER));
    shape.rule(
        ICMPV6,
        message(NEIGHBOUR_ADVERTISEMENT)
            .then(new Meta(MetaKey.IIFNAME, 0))
            .then(target(behindName))
            .then(new Lookup(ipv6.own().name(), 0, Lookup.MEMBERSHIP, false))
            .verdict(Verdict.ACCEPT));
    shape.rule(
        ICMPV6,
        drop(
            message(NEIGHBOUR_ADVERTISEMENT)
                .then(target(0))
                .then(new Lookup(ipv6.networks().name(), 0, Lookup.MEMBERSHIP, false)),
            DropReason.NEIGHBOUR));
    shape.rule(
        ICMPV6,
        drop(
            message(NEIGHBOUR_ADVERTISEMENT)
                .then(target(0))
                .then(new Cmp(CmpOperator.EQUAL, 0, Bytes.of(BRIDGE))),
            DropReason.NEIGHBOUR));
  }
}
