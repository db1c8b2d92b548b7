package io.fairlead.ipvs.companion;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfChain.Point;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.expression.CtKey;
import io.fairlead.dataplane.netlink.nftables.expression.Field;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.service.LocalPods;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.table.ConnectionStates;
import io.fairlead.dataplane.table.FamilyFields;
import io.fairlead.dataplane.table.TableShape;

/**
 * What the first packet of a connection meets before IPVS sees it. All others end at the first rule
 * of each hook.
 *
 * <p>"First" means that conntrack has not confirmed the connection yet, not that it is new: of a
 * UDP connection that nobody has answered every packet is new, but nat, which clears the marks
 * again, only sees the first one. Packets that conntrack does not follow are all looked at, so that
 * nothing gets around source ranges that way.
 *
 * <p>A packet that IPVS has sent to an endpoint of another host passes the output hook with the
 * endpoint's address: it is in none of the sets. What this node sends to an address of its own
 * comes back through lo, with the connection and the mark that it got on its way out.
 */
final class CompanionRules {

  static final NfTable DEFINITION =
      NfTable.of(
          CompanionSets.TABLE, "kept by fairlead: changes are undone; fairlead cleanup removes it");

  static final String REFUSE = "refuse";

  private static final String INPUT = "input";
  private static final String OUTPUT = "output";

  /** IPVS is at 98 and 99 in input (ip_vs_ops of net/netfilter/ipvs/ip_vs_core.c). */
  private static final int BEFORE_IPVS_IN = 90;

  /** IPVS is at -99 and -98 in output. */
  private static final int BEFORE_IPVS_OUT = -110;

  private final TableShape shape = new TableShape(DEFINITION);
  private final ServiceSettings settings;

  private CompanionRules(ServiceSettings settings) {
    this.settings = settings;
  }

  /** The whole table without its elements. */
  static TableShape shape(ServiceSettings settings) {
    CompanionRules rules = new CompanionRules(settings);
    rules.declare();
    LastRules.declare(rules.shape);
    rules.addHooks();
    for (AddressFamily family : AddressFamily.values()) {
      rules.addSourceCheck(CompanionSets.of(family));
      for (Client client : Client.values()) {
        rules.addClient(client, CompanionSets.of(family));
      }
    }
    new LastRules(rules.shape, settings).add();
    return rules.shape;
  }

  private void declare() {
    for (AddressFamily family : AddressFamily.values()) {
      shape.sets(CompanionSets.of(family).all());
    }
    shape.hook(
        INPUT, NfChain.Type.FILTER, Point.INPUT, BEFORE_IPVS_IN, "clients other than this node");
    shape.hook(OUTPUT, NfChain.Type.FILTER, Point.OUTPUT, BEFORE_IPVS_OUT, "this node as a client");
    for (AddressFamily family : AddressFamily.values()) {
      for (Client client : Client.values()) {
        shape.chain(from(client, family), "");
      }
      shape.chain(sourceCheck(family), "drop clients that are not allowed");
    }
  }

  private static String from(Client client, AddressFamily family) {
    return "from-" + client.text() + "-" + FamilyFields.of(family).suffix();
  }

  private static String sourceCheck(AddressFamily family) {
    return "check-source-" + FamilyFields.of(family).suffix();
  }

  static RuleBuilder of(AddressFamily family) {
    return new RuleBuilder().family(family);
  }

  private void addHooks() {
    for (String hook : new String[] {INPUT, OUTPUT}) {
      shape.rule(
          hook,
          "most packets end here",
          new RuleBuilder()
              .connection(CtKey.STATUS, ConnectionStates.CONFIRMED)
              .verdict(Verdict.ACCEPT));
      shape.rule(
          hook,
          "IPVS knows better what they belong to",
          new RuleBuilder()
              .connection(CtKey.STATE, ConnectionStates.INVALID)
              .verdict(Verdict.ACCEPT));
    }
    shape.rule(
        INPUT,
        "looked at when this node sent it",
        new RuleBuilder().cameThrough("lo").verdict(Verdict.ACCEPT));
    for (AddressFamily family : AddressFamily.values()) {
      addPods(family);
      shape.rule(INPUT, of(family).verdict(Verdict.goTo(from(Client.OUTSIDE, family))));
      shape.rule(OUTPUT, of(family).verdict(Verdict.goTo(from(Client.NODE, family))));
    }
  }

  private void addPods(AddressFamily family) {
    CompanionSets sets = CompanionSets.of(family);
    Verdict pods = Verdict.goTo(from(Client.PODS, family));
    switch (settings.localPods()) {
      case LocalPods.Networks _ ->
          shape.rule(
              INPUT,
              of(family).in(sets.detectedPods().name(), sets.fields().source()).verdict(pods));
      case LocalPods.Interface device ->
          shape.rule(INPUT, of(family).cameThrough(device.name()).verdict(pods));
      case LocalPods.InterfacePrefix device ->
          shape.rule(INPUT, of(family).cameThroughPrefix(device.prefix()).verdict(pods));
      case LocalPods.Unknown _ -> {}
    }
  }

  private void addSourceCheck(CompanionSets sets) {
    AddressFamily family = sets.fields().family();
    String chain = sourceCheck(family);
    Field[] key = sets.allowed().key().toArray(Field[]::new);
    shape.rule(chain, of(family).in(sets.allowed().name(), key).verdict(Verdict.RETURN));
    shape.rule(chain, of(family).in(sets.blocked().name(), sets.key()).verdict(Verdict.DROP));
  }

  private void addClient(Client client, CompanionSets sets) {
    AddressFamily family = sets.fields().family();
    String chain = from(client, family);
    int bit = settings.masqueradeMark();
    shape.rule(
        chain,
        of(family)
            .in(sets.restricted().name(), sets.key())
            .verdict(Verdict.jump(sourceCheck(family))));
    shape.rule(
        chain,
        of(family).in(sets.refused(client).name(), sets.key()).verdict(Verdict.goTo(REFUSE)));
    shape.rule(chain, of(family).in(sets.dropped(client).name(), sets.key()).verdict(Verdict.DROP));
    shape.rule(chain, of(family).in(sets.masquerade(client).name(), sets.key()).mark(bit));
    if (client == Client.NODE) {
      RuleBuilder likeOutside = of(family);
      if (settings.localPods() instanceof LocalPods.Networks) {
        likeOutside.notIn(sets.detectedPods().name(), sets.fields().source());
      }
      shape.rule(
          chain, likeOutside.in(sets.masquerade(Client.OUTSIDE).name(), sets.key()).mark(bit));
    }
    if (client.isInside()) {
      shape.rule(chain, of(family).setMark(sets.insideMarks().name(), sets.key()));
    }
  }
}
