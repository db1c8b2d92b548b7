package io.fairlead.nftables.policy;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfChain.Point;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.CtKey;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.Limit;
import io.fairlead.dataplane.netlink.nftables.expression.Log;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectReference;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectType;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.table.ConnectionStates;
import io.fairlead.dataplane.table.FamilyFields;
import io.fairlead.dataplane.table.TableShape;
import java.util.List;

/**
 * The part of the table that is the same whatever policies there are.
 *
 * <p>Egress and ingress are base chains of their own at each hook: what one accepts, the other
 * still judges. All come after destination translation and before masquerading, so that addresses
 * are those of pods.
 */
final class PolicyTable {

  static final TableName TABLE = TableName.inet("fairlead-policy");
  private static final NfTable DEFINITION =
      NfTable.of(TABLE, "kept by fairlead: changes are undone; fairlead cleanup removes it");

  static final String SHUT_IN = "shut-in";
  private static final String LINK_LOCAL = "link-local";
  private static final String GROUPS = "groups";
  private static final String UNKNOWN = "unknown-connection";
  private static final String CUT = "cut";

  /** After the filters of others, which have nothing to say about what is dropped here. */
  private static final int EGRESS_PRIORITY = 10;

  private static final int INGRESS_PRIORITY = 11;

  /** After IPVS has taken what is for its addresses (98 and 99 of ip_vs_core.c). */
  private static final int INPUT_PRIORITY = 105;

  /** enum ip_conntrack_status. */
  private static final int STATUS_DNAT = 32;

  private static final Bytes IPPROTO_UDP = Bytes.u8(17);

  /** (uid_t) -1, which is nobody's. */
  private static final int NO_UID = -1;

  private static final Cidr LINK_LOCAL_NETWORK = Cidr.parse("fe80::/10");
  private static final Cidr LINK_SCOPE_GROUPS = Cidr.parse("ff02::/16");

  /** Multicast (RFC 5771, RFC 4291) and the limited broadcast (RFC 919). */
  private static final List<Cidr> GROUP_NETWORKS =
      List.of(Cidr.parse("224.0.0.0/4"), Cidr.parse("255.255.255.255/32"), Cidr.parse("ff00::/8"));

  /** So much of a denied packet is reported: all headers. */
  private static final int REPORTED_BYTES = 128;

  private final TableShape shape = new TableShape(DEFINITION);
  private final PolicySettings settings;

  private PolicyTable(PolicySettings settings) {
    this.settings = settings;
  }

  static TableShape shape(PolicySettings settings) {
    PolicyTable table = new PolicyTable(settings);
    table.declare();
    table.addHooks();
    table.addOwn();
    for (PolicyDirection direction : PolicyDirection.values()) {
      table.addDispatch(direction);
      table.addDenial(direction);
    }
    return table.shape;
  }

  /** The chain that dispatches packets to what isolates their pods. */
  private static String dispatch(PolicyDirection direction) {
    return direction.text();
  }

  private static String isolated(PolicyDirection direction) {
    return "isolated-" + direction.text();
  }

  /** The chain that reports and drops. */
  static String deny(PolicyDirection direction) {
    return "deny-" + direction.text();
  }

  /** The chain of pods that are not let in. */
  static String shutIn(PolicyDirection direction) {
    return SHUT_IN + "-" + direction.text();
  }

  private static String hook(Point point, PolicyDirection direction) {
    String name =
        switch (point) {
          case FORWARD -> "forward-";
          case OUTPUT -> "output-";
          case INPUT -> "input-";
          case PREROUTING, POSTROUTING -> throw new IllegalArgumentException(point + " is unused");
        };
    return name + direction.text();
  }

  private void declare() {
    shape.counter(SHUT_IN, "packets of pods that are not let in");
    shape.counter(LINK_LOCAL, "packets of pods with link-local addresses");
    shape.counter(GROUPS, "packets of pods to whoever listens");
    shape.counter(CUT, "answers of flows that were cut");
    shape.counter(UNKNOWN, "of no connection that is known, and of none that begins");
    for (AddressFamily family : AddressFamily.values()) {
      shape.sets(PolicySets.of(family).all());
    }
    for (PolicyDirection direction : PolicyDirection.values()) {
      shape.sets(List.of(PolicySets.chains(direction)));
    }
    String forwarded = "routed, and bridged through br_netfilter";
    declareHook(Point.FORWARD, PolicyDirection.EGRESS, EGRESS_PRIORITY, forwarded);
    declareHook(Point.FORWARD, PolicyDirection.INGRESS, INGRESS_PRIORITY, forwarded);
    declareHook(Point.OUTPUT, PolicyDirection.EGRESS, EGRESS_PRIORITY, "what IPVS forwards");
    declareHook(Point.OUTPUT, PolicyDirection.INGRESS, INGRESS_PRIORITY, "what IPVS forwards");
    declareHook(Point.INPUT, PolicyDirection.EGRESS, INPUT_PRIORITY, "pods to this node");
    for (PolicyDirection direction : PolicyDirection.values()) {
      shape.chain(dispatch(direction), "");
      shape.chain(isolated(direction), "of the number in the priority");
      shape.chain(deny(direction), "");
      shape.chain(shutIn(direction), "pods that are not let in");
    }
  }

  private void declareHook(Point point, PolicyDirection direction, int priority, String comment) {
    shape.hook(hook(point, direction), NfChain.Type.FILTER, point, priority, comment);
  }

  private void addHooks() {
    addHook(Point.FORWARD, PolicyDirection.EGRESS);
    addHook(Point.FORWARD, PolicyDirection.INGRESS);
    addHook(Point.OUTPUT, PolicyDirection.EGRESS);
    addHook(Point.OUTPUT, PolicyDirection.INGRESS);
    addHook(Point.INPUT, PolicyDirection.EGRESS);
    if (settings.tunnelPort() > 0) {
      addTunnel();
    }
    shape.rule(
        hook(Point.INPUT, PolicyDirection.EGRESS),
        new RuleBuilder().verdict(Verdict.goTo(dispatch(PolicyDirection.EGRESS))));
    addCut(Point.FORWARD);
    addCut(Point.OUTPUT);
    addUnknown(Point.FORWARD, PolicyDirection.EGRESS, PolicyDirection.INGRESS);
    addUnknown(Point.FORWARD, PolicyDirection.INGRESS, PolicyDirection.EGRESS);
    // A server of this node itself, and a pod that may not ask it any more.
    addUnknown(Point.OUTPUT, PolicyDirection.INGRESS, PolicyDirection.EGRESS);
    for (PolicyDirection direction : PolicyDirection.values()) {
      shape.rule(
          hook(Point.FORWARD, direction),
          new RuleBuilder().verdict(Verdict.goTo(dispatch(direction))));
    }
  }

  /**
   * Datagrams do not tell whether they begin anything, so that answers of flows that were cut are
   * listed. Of a flow that the other end begins anew they are not new, and pass.
   */
  private void addCut(Point point) {
    for (AddressFamily family : AddressFamily.values()) {
      PolicySets sets = PolicySets.of(family);
      RuleBuilder datagrams = new RuleBuilder().family(family).equal(Fields.L4PROTO, IPPROTO_UDP);
      RuleBuilder chunks = new RuleBuilder().family(family).sctpWithoutInit();
      for (RuleBuilder rule : List.of(datagrams, chunks)) {
        shape.rule(
            hook(point, PolicyDirection.EGRESS),
            "",
            rule.in(sets.cut().name(), sets.answer())
                .refresh(sets.cut().name(), sets.answer())
                .then(new ObjectReference(ObjectType.COUNTER, CUT))
                .verdict(Verdict.DROP));
      }
    }
  }

  /**
   * A connection that was cut, since policies deny it by now, must not come back by what its server
   * goes on saying: conntrack would take that for a connection of the server's. So a pod that is
   * isolated in the other direction than the packet's begins a connection, or has one that is
   * known.
   */
  private void addUnknown(Point point, PolicyDirection direction, PolicyDirection other) {
    for (AddressFamily family : AddressFamily.values()) {
      PolicySets sets = PolicySets.of(family);
      shape.rule(
          hook(point, direction),
          "perhaps an answer of a connection that was cut",
          new RuleBuilder()
              .family(family)
              .tcpWithoutSyn()
              .priority(sets.isolated(other).name(), sets.pod(direction))
              .then(new ObjectReference(ObjectType.COUNTER, UNKNOWN))
              .verdict(Verdict.DROP));
    }
  }

  private void addHook(Point point, PolicyDirection direction) {
    shape.rule(
        hook(point, direction),
        "most packets end here",
        new RuleBuilder().connection(CtKey.STATE, ConnectionStates.KNOWN).verdict(Verdict.ACCEPT));
  }

  /**
   * What carries pods' packets between nodes is the nodes' own, and judged unwrapped. Its
   * connections are not tracked, so that without these rules each packet would pass all others.
   */
  private void addTunnel() {
    shape.rule(
        hook(Point.INPUT, PolicyDirection.EGRESS),
        "carries packets of pods, and is not from a pod of this node",
        tunnelled().cameNotThrough(settings.bridge()).verdict(Verdict.ACCEPT));
    for (PolicyDirection direction : PolicyDirection.values()) {
      shape.rule(
          hook(Point.OUTPUT, direction),
          "carries packets of pods",
          tunnelled().fromThisHost().verdict(Verdict.ACCEPT));
    }
  }

  private RuleBuilder tunnelled() {
    return new RuleBuilder()
        .connection(CtKey.STATE, ConnectionStates.UNTRACKED)
        .equal(Fields.L4PROTO, IPPROTO_UDP)
        .equal(Fields.TH_DPORT, Bytes.u16Be(settings.tunnelPort()));
  }

  /**
   * What this node makes itself is told by the path, not by its address: a packet that IPVS
   * forwards has no socket. Nor have those that the kernel makes itself (a volume that it mounts),
   * but these were meant for the pod from the beginning, or translated on their way out; what IPVS
   * forwards was meant for a virtual address.
   */
  private void addOwn() {
    for (PolicyDirection direction : PolicyDirection.values()) {
      shape.rule(
          hook(Point.OUTPUT, direction),
          "of a process of this node",
          new RuleBuilder().notEqual(Fields.SKUID, Bytes.u32(NO_UID)).verdict(Verdict.ACCEPT));
    }
    String ingress = hook(Point.OUTPUT, PolicyDirection.INGRESS);
    for (AddressFamily family : AddressFamily.values()) {
      PolicySets sets = PolicySets.of(family);
      shape.rule(
          ingress,
          "of the kernel itself, not of IPVS",
          new RuleBuilder()
              .family(family)
              .in(sets.admitted().name(), sets.fields().originalDestination())
              .verdict(Verdict.ACCEPT));
    }
    shape.rule(
        ingress,
        "of the kernel itself, to a Service",
        new RuleBuilder()
            .connection(CtKey.STATUS, STATUS_DNAT)
            .fromThisHost()
            .verdict(Verdict.ACCEPT));
    for (PolicyDirection direction : PolicyDirection.values()) {
      shape.rule(
          hook(Point.OUTPUT, direction),
          new RuleBuilder().verdict(Verdict.goTo(dispatch(direction))));
    }
  }

  private void addDispatch(PolicyDirection direction) {
    String chain = dispatch(direction);
    shape.rule(
        chain, "neighbour discovery", new RuleBuilder().icmpv6(133, 137).verdict(Verdict.ACCEPT));
    RuleBuilder listeners = new RuleBuilder().icmpv6(130, 132);
    RuleBuilder reports = new RuleBuilder().icmpv6(143, 143);
    for (RuleBuilder groups : List.of(listeners, reports)) {
      shape.rule(
          chain,
          "who listens to which groups",
          groups
              .within(PolicySets.of(AddressFamily.IPV6).fields().destination(), LINK_SCOPE_GROUPS)
              .verdict(Verdict.ACCEPT));
    }
    // Policies know nothing of these addresses, by which pods of one bridge could go around them.
    shape.rule(
        chain,
        "no pod's own address",
        new RuleBuilder()
            .family(AddressFamily.IPV6)
            .within(PolicySets.of(AddressFamily.IPV6).pod(direction), LINK_LOCAL_NETWORK)
            .cameThrough(settings.bridge())
            .then(new ObjectReference(ObjectType.COUNTER, LINK_LOCAL))
            .verdict(Verdict.DROP));
    if (direction == PolicyDirection.INGRESS) {
      addGroups(chain);
    }
    for (AddressFamily family : AddressFamily.values()) {
      PolicySets sets = PolicySets.of(family);
      shape.rule(
          chain,
          new RuleBuilder()
              .family(family)
              .in(sets.itself().name(), sets.fields().source(), sets.fields().destination())
              .verdict(Verdict.ACCEPT));
    }
    for (AddressFamily family : AddressFamily.values()) {
      PolicySets sets = PolicySets.of(family);
      shape.rule(
          chain,
          new RuleBuilder()
              .family(family)
              .priority(sets.isolated(direction).name(), sets.pod(direction))
              .verdict(Verdict.goTo(isolated(direction))));
    }
    for (AddressFamily family : AddressFamily.values()) {
      PolicySets sets = PolicySets.of(family);
      shape.rule(
          chain,
          new RuleBuilder()
              .family(family)
              .in(sets.networks().name(), sets.pod(direction))
              .notIn(sets.admitted().name(), sets.pod(direction))
              .verdict(Verdict.goTo(shutIn(direction))));
    }
    shape.rule(
        isolated(direction),
        new RuleBuilder().vmap(PolicySets.chains(direction).name(), Fields.PRIORITY));
    shape.rule(
        isolated(direction),
        "never: each number has its chain",
        new RuleBuilder().verdict(Verdict.DROP));
  }

  /** The bridge hands these to every pod, isolated or not: the packet does not say to whom. */
  private void addGroups(String chain) {
    for (Cidr network : GROUP_NETWORKS) {
      shape.rule(
          chain,
          "to pods whatever isolates them",
          new RuleBuilder()
              .family(network.family())
              .within(FamilyFields.of(network.family()).destination(), network)
              .cameThrough(settings.bridge())
              .leavesThrough(settings.bridge())
              .then(new ObjectReference(ObjectType.COUNTER, GROUPS))
              .verdict(Verdict.DROP));
    }
  }

  private void addDenial(PolicyDirection direction) {
    shape.rule(deny(direction), report(DenialPrefix.of(direction, false)));
    shape.rule(deny(direction), new RuleBuilder().verdict(Verdict.DROP));
    RuleBuilder own =
        switch (direction) {
          case INGRESS -> new RuleBuilder().toThisHost();
          case EGRESS -> new RuleBuilder().fromThisHost();
        };
    shape.rule(
        shutIn(direction), "this node's own address among the pods'", own.verdict(Verdict.ACCEPT));
    shape.rule(shutIn(direction), report(DenialPrefix.of(direction, true)));
    shape.rule(
        shutIn(direction),
        new RuleBuilder()
            .then(new ObjectReference(ObjectType.COUNTER, SHUT_IN))
            .verdict(Verdict.DROP));
  }

  private RuleBuilder report(DenialPrefix prefix) {
    return new RuleBuilder()
        .then(new Limit(settings.logRate(), 1, settings.logRate(), false, false))
        .then(new Log(settings.logGroup(), prefix.text(), REPORTED_BYTES));
  }
}
