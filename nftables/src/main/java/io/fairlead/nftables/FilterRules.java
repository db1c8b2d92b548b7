package io.fairlead.nftables;

import static io.fairlead.nftables.BaseTable.FILTER_FORWARD;
import static io.fairlead.nftables.BaseTable.NF_IP_PRI_FILTER;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfChain.Point;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.CtKey;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectReference;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectType;
import io.fairlead.dataplane.netlink.nftables.expression.Reject;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.table.ConnectionStates;
import io.fairlead.dataplane.table.TableShape;

/**
 * What new connections meet that lead to no endpoint, and what counts the traffic of Services. A
 * packet that has nothing to do with Services costs a few comparisons here.
 */
final class FilterRules {

  private static final String INPUT = "filter-input";
  private static final String OUTPUT = "filter-output";
  private static final String REFUSALS = "refusals";
  private static final String NODE_PORT_REFUSALS = "node-port-refusals";
  private static final String REFUSE = "refuse";

  private final TableShape shape;
  private final ServiceSettings settings;

  FilterRules(TableShape shape, ServiceSettings settings) {
    this.shape = shape;
    this.settings = settings;
  }

  static void declare(TableShape shape) {
    shape.counter("refused", "packets to services without endpoints");
    shape.counter("unallocated", "packets to cluster IPs that no service has");
    shape.hook(INPUT, NfChain.Type.FILTER, Point.INPUT, NF_IP_PRI_FILTER, "");
    shape.hook(OUTPUT, NfChain.Type.FILTER, Point.OUTPUT, NF_IP_PRI_FILTER, "");
    shape.chain(REFUSALS, "new connections that lead nowhere");
    shape.chain(NODE_PORT_REFUSALS, "");
    shape.chain(REFUSE, "tell the client at once that nobody is there");
    for (AddressFamily family : AddressFamily.values()) {
      shape.chain(traffic(family), "");
    }
  }

  private static String traffic(AddressFamily family) {
    return "traffic-" + FamilySets.of(family).suffix();
  }

  /** What comes before the rules of every mode. */
  void addBeforeBase() {
    for (AddressFamily family : AddressFamily.values()) {
      shape.rule(FILTER_FORWARD, count(translated(family), family));
      shape.rule(OUTPUT, count(translated(family), family));
      // What this node sends to itself was counted when it went out.
      shape.rule(INPUT, count(translated(family).cameNotThrough("lo"), family));
      addTraffic(ServiceSets.of(family));
    }
  }

  private static RuleBuilder translated(AddressFamily family) {
    return new RuleBuilder().connection(CtKey.STATUS, BaseTable.STATUS_DNAT).family(family);
  }

  private static RuleBuilder count(RuleBuilder builder, AddressFamily family) {
    return builder.verdict(Verdict.jump(traffic(family)));
  }

  private void addTraffic(ServiceSets sets) {
    AddressFamily family = sets.base().family();
    for (Protocol protocol : Protocol.values()) {
      for (FrontendSets frontends : new FrontendSets[] {sets.virtual(), sets.nodePorts()}) {
        shape.rule(
            traffic(family),
            AccountRules.of(family, protocol)
                .in(frontends.traffic().name(), frontends.connection())
                .verdict(Verdict.RETURN));
      }
    }
  }

  /** What comes after the rules of every mode. */
  void addAfterBase() {
    for (String hook : new String[] {FILTER_FORWARD, INPUT, OUTPUT}) {
      shape.rule(hook, newConnections(REFUSALS));
    }
    shape.rule(INPUT, newConnections(NODE_PORT_REFUSALS));
    for (String chain : new String[] {REFUSALS, NODE_PORT_REFUSALS}) {
      shape.rule(
          chain,
          new RuleBuilder()
              .connection(CtKey.STATUS, BaseTable.STATUS_DNAT)
              .verdict(Verdict.RETURN));
    }
    for (AddressFamily family : AddressFamily.values()) {
      addRefusals(ServiceSets.of(family));
    }
    shape.rule(REFUSE, new RuleBuilder().then(new ObjectReference(ObjectType.COUNTER, "refused")));
    shape.rule(
        REFUSE,
        new RuleBuilder()
            .equal(Fields.L4PROTO, Bytes.u8(Protocol.TCP.number()))
            .then(Reject.TCP_RESET));
    shape.rule(REFUSE, new RuleBuilder().then(Reject.PORT_UNREACHABLE));
  }

  private static RuleBuilder newConnections(String chain) {
    return new RuleBuilder()
        .connection(CtKey.STATE, ConnectionStates.NEW)
        .verdict(Verdict.jump(chain));
  }

  private void addRefusals(ServiceSets sets) {
    FamilySets base = sets.base();
    AddressFamily family = base.family();
    FrontendSets virtual = sets.virtual();
    Verdict refuse = Verdict.goTo(REFUSE);
    shape.rule(
        REFUSALS,
        new RuleBuilder()
            .family(family)
            .in(virtual.refused().name(), virtual.packet())
            .verdict(refuse));
    shape.rule(
        REFUSALS,
        "unused ports",
        new RuleBuilder()
            .family(family)
            .in(sets.clusterIps().name(), base.destination())
            .verdict(refuse));
    shape.rule(
        REFUSALS,
        new RuleBuilder()
            .family(family)
            .in(sets.serviceCidrs().name(), base.destination())
            .then(new ObjectReference(ObjectType.COUNTER, "unallocated"))
            .verdict(Verdict.DROP));
    FrontendSets nodePorts = sets.nodePorts();
    RuleBuilder here = NatRules.notLoopback(family);
    if (!settings.nodePortAddresses(family).isEmpty()) {
      here.in(sets.nodeAddresses().name(), base.destination());
    }
    shape.rule(
        NODE_PORT_REFUSALS,
        here.in(nodePorts.refused().name(), nodePorts.packet()).verdict(refuse));
  }
}
