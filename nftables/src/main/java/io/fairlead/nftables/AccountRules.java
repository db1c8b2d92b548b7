package io.fairlead.nftables;

import static io.fairlead.nftables.BaseTable.NF_IP_PRI_NAT_SRC;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfChain.Point;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.CtKey;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
import io.fairlead.dataplane.netlink.nftables.expression.Masquerade;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.table.TableShape;

/**
 * What is done once per translated connection, when its endpoint is known: it is counted, its
 * client's endpoint is remembered where that is wanted, and the source is masqueraded.
 *
 * <p>Counting and remembering come before all source translation, in hooks of their own: where
 * somebody else's rules translate the source, ours at the usual priority may not be asked any more.
 */
final class AccountRules {

  private static final String POSTROUTING = "account-postrouting";
  private static final String INPUT = "account-input";
  private static final int BEFORE_SOURCE_NAT = NF_IP_PRI_NAT_SRC - 1;

  private final TableShape shape;
  private final ServiceSettings settings;

  AccountRules(TableShape shape, ServiceSettings settings) {
    this.shape = shape;
    this.settings = settings;
  }

  static void declare(TableShape shape) {
    shape.hook(POSTROUTING, NfChain.Type.NAT, Point.POSTROUTING, BEFORE_SOURCE_NAT, "");
    shape.hook(INPUT, NfChain.Type.NAT, Point.INPUT, BEFORE_SOURCE_NAT, "");
    for (AddressFamily family : AddressFamily.values()) {
      shape.chain(connected(family), "count connections, remember endpoints");
      shape.chain(remember(family), "");
    }
  }

  private static String connected(AddressFamily family) {
    return "connected-" + FamilySets.of(family).suffix();
  }

  private static String remember(AddressFamily family) {
    return "remember-" + FamilySets.of(family).suffix();
  }

  void add() {
    int mark = settings.masqueradeMark();
    for (AddressFamily family : AddressFamily.values()) {
      shape.rule(POSTROUTING, translated(family));
      shape.rule(INPUT, translated(family));
      addConnected(ServiceSets.of(family));
    }
    shape.rule(
        INPUT, "what stays here needs no masquerade", new RuleBuilder().marked(mark).unmark(mark));
    shape.rule(
        BaseTable.NAT_POSTROUTING,
        "clients of services that ask for it",
        new RuleBuilder()
            .marked(mark)
            .unmark(mark)
            .then(new Masquerade(settings.masqueradeRandomly())));
    for (AddressFamily family : AddressFamily.values()) {
      ServiceSets sets = ServiceSets.of(family);
      FamilySets base = sets.base();
      shape.rule(
          BaseTable.NAT_POSTROUTING,
          "a pod that reaches itself through a service",
          new RuleBuilder()
              .connection(CtKey.STATUS, BaseTable.STATUS_DNAT)
              .family(family)
              .in(sets.hairpins().name(), base.source(), base.destination())
              .then(new Masquerade(settings.masqueradeRandomly())));
    }
  }

  private static RuleBuilder translated(AddressFamily family) {
    return new RuleBuilder()
        .connection(CtKey.STATUS, BaseTable.STATUS_DNAT)
        .family(family)
        .verdict(Verdict.jump(connected(family)));
  }

  private void addConnected(ServiceSets sets) {
    AddressFamily family = sets.base().family();
    FrontendSets virtual = sets.virtual();
    FrontendSets nodePorts = sets.nodePorts();
    for (Protocol protocol : Protocol.values()) {
      shape.rule(
          connected(family),
          of(family, protocol)
              .in(virtual.connections().name(), virtual.connection())
              .verdict(Verdict.goTo(remember(family))));
      shape.rule(
          connected(family),
          of(family, protocol).in(nodePorts.connections().name(), nodePorts.connection()));
      shape.rule(
          connected(family),
          of(family, protocol).vmap(nodePorts.affinity().name(), nodePorts.connection()));
      shape.rule(
          remember(family),
          of(family, protocol).vmap(virtual.affinity().name(), virtual.connection()));
    }
  }

  /** nft wants to know the protocol before it names a connection's port. */
  static RuleBuilder of(AddressFamily family, Protocol protocol) {
    return new RuleBuilder().family(family).equal(Fields.L4PROTO, Bytes.u8(protocol.number()));
  }
}
