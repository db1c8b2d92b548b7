package io.fairlead.nftables.hostport;

import static io.fairlead.nftables.hostport.HostPortSets.TABLE;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfChain.Point;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.expression.CtKey;
import io.fairlead.dataplane.netlink.nftables.expression.Expression;
import io.fairlead.dataplane.netlink.nftables.expression.Field;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.Masquerade;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectReference;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectType;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.table.FamilyFields;
import io.fairlead.dataplane.table.TableShape;

/**
 * The part of the table that is the same whatever host ports there are.
 *
 * <p>Destinations are translated right behind Services, of whatever backend: what one of them has
 * translated is left alone, so a node port wins over a host port of the same number. Sources are
 * translated just before everybody else's rules.
 */
final class HostPortTable {

  static final NfTable DEFINITION =
      NfTable.of(TABLE, "kept by fairlead: changes are undone; fairlead cleanup removes it");

  private static final String LOOPBACK = "loopback";
  private static final String PREROUTING = "nat-prerouting";
  private static final String OUTPUT = "nat-output";
  private static final String POSTROUTING = "nat-postrouting";
  private static final String HOST_PORTS = "host-ports";

  /** NF_IP_PRI_RAW of linux/netfilter_ipv4.h: before connections are tracked. */
  private static final int RAW = -300;

  /** One behind NF_IP_PRI_NAT_DST, where Services of all backends are. */
  private static final int BEHIND_SERVICES = -99;

  /** One before NF_IP_PRI_NAT_SRC. */
  private static final int BEFORE_SOURCE_NAT = 99;

  /** enum ip_conntrack_status. */
  private static final int STATUS_DNAT = 32;

  private static final Cidr LOOPBACK_NETWORK = Cidr.parse("127.0.0.0/8");
  private static final Cidr LOOPBACK_IPV6 = Cidr.parse("::1/128");

  private final TableShape shape = new TableShape(DEFINITION);
  private final HostPortSettings settings;

  private HostPortTable(HostPortSettings settings) {
    this.settings = settings;
  }

  static TableShape shape(HostPortSettings settings) {
    HostPortTable table = new HostPortTable(settings);
    table.declare();
    table.addLoopback();
    table.addDestinations();
    table.addSources();
    return table.shape;
  }

  private void declare() {
    shape.counter(LOOPBACK, "packets of pods with loopback addresses");
    for (AddressFamily family : AddressFamily.values()) {
      shape.sets(HostPortSets.of(family).all());
    }
    String takenBack = "the bridge's route_localnet lets in what the kernel else drops";
    shape.hook(LOOPBACK, NfChain.Type.FILTER, Point.PREROUTING, RAW, takenBack);
    shape.hook(PREROUTING, NfChain.Type.NAT, Point.PREROUTING, BEHIND_SERVICES, "");
    shape.hook(OUTPUT, NfChain.Type.NAT, Point.OUTPUT, BEHIND_SERVICES, "");
    shape.hook(POSTROUTING, NfChain.Type.NAT, Point.POSTROUTING, BEFORE_SOURCE_NAT, "");
    shape.chain(HOST_PORTS, "to pods");
  }

  /** Answers to the node's own loopback still have the bridge's address here. */
  private void addLoopback() {
    Expression count = new ObjectReference(ObjectType.COUNTER, LOOPBACK);
    for (Field field : new Field[] {Fields.IP_DADDR, Fields.IP_SADDR}) {
      shape.rule(
          LOOPBACK,
          of(AddressFamily.IPV4)
              .within(field, LOOPBACK_NETWORK)
              .cameThrough(settings.bridge())
              .then(count)
              .verdict(Verdict.DROP));
    }
  }

  private void addDestinations() {
    Verdict jump = Verdict.jump(HOST_PORTS);
    shape.rule(PREROUTING, new RuleBuilder().toThisHost().verdict(jump));
    shape.rule(
        OUTPUT,
        "the kernel routes nothing from ::1 to a bridge",
        of(AddressFamily.IPV6).within(Fields.IP6_DADDR, LOOPBACK_IPV6).verdict(Verdict.RETURN));
    shape.rule(OUTPUT, new RuleBuilder().toThisHost().verdict(jump));
    for (AddressFamily family : AddressFamily.values()) {
      HostPortSets sets = HostPortSets.of(family);
      Field destination = sets.fields().destination();
      shape.rule(
          HOST_PORTS,
          of(family)
              .dnat(
                  family,
                  sets.addressPorts().name(),
                  destination,
                  Fields.L4PROTO,
                  Fields.TH_DPORT));
      shape.rule(
          HOST_PORTS,
          of(family).dnat(family, sets.ports().name(), Fields.L4PROTO, Fields.TH_DPORT));
    }
  }

  private void addSources() {
    Expression masquerade = new Masquerade(settings.randomFully());
    for (AddressFamily family : AddressFamily.values()) {
      HostPortSets sets = HostPortSets.of(family);
      FamilyFields fields = sets.fields();
      shape.rule(
          POSTROUTING,
          "a pod that reaches itself",
          translated(family)
              .in(sets.hairpins().name(), fields.source(), fields.destination())
              .then(masquerade));
    }
    shape.rule(
        POSTROUTING,
        "programs of this node that ask at a loopback address",
        translated(AddressFamily.IPV4)
            .within(Fields.IP_SADDR, LOOPBACK_NETWORK)
            .in(HostPortSets.of(AddressFamily.IPV4).pods().name(), Fields.IP_DADDR)
            .then(masquerade));
  }

  private static RuleBuilder of(AddressFamily family) {
    return new RuleBuilder().family(family);
  }

  private static RuleBuilder translated(AddressFamily family) {
    return new RuleBuilder().connection(CtKey.STATUS, STATUS_DNAT).family(family);
  }
}
