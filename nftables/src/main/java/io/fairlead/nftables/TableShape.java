package io.fairlead.nftables;

import static io.fairlead.nftables.BaseTable.TABLE;

import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfChain.Hook;
import io.fairlead.dataplane.netlink.nftables.NfChain.Point;
import io.fairlead.dataplane.netlink.nftables.NfCounter;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import io.fairlead.dataplane.service.ServiceSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the table consists of, whatever Services there are: all but elements. */
final class TableShape {

  private final List<NfCounter> counters = new ArrayList<>();
  private final List<NfSet> sets = new ArrayList<>();
  private final Map<NfChain, List<NfRule>> chains = new LinkedHashMap<>();
  private final Map<String, List<NfRule>> rules = new LinkedHashMap<>();

  private TableShape() {}

  /**
   * The shape of a table.
   *
   * @param services how Services are treated; null for a table without them
   */
  static TableShape of(@Nullable ServiceSettings services) {
    TableShape shape = new TableShape();
    BaseTable.declare(shape);
    if (services != null) {
      NatRules.declare(shape);
      AccountRules.declare(shape);
      FilterRules.declare(shape);
      new NatRules(shape, services).add();
      new AccountRules(shape, services).add();
      new FilterRules(shape, services).addBeforeBase();
    }
    BaseTable.addRules(shape);
    if (services != null) {
      new FilterRules(shape, services).addAfterBase();
    }
    return shape;
  }

  void counter(String name, String comment) {
    counters.add(NfCounter.of(TABLE, name, comment));
  }

  void sets(List<NfSet> more) {
    sets.addAll(more);
  }

  void chain(NfChain chain) {
    List<NfRule> list = new ArrayList<>();
    chains.put(chain, list);
    rules.put(chain.name(), list);
  }

  void chain(String name, String comment) {
    chain(NfChain.regular(TABLE, name, comment));
  }

  void hook(String name, NfChain.Type type, Point point, int priority, String comment) {
    chain(new NfChain(TABLE, name, Hook.accepting(type, point, priority), comment));
  }

  void rule(String chain, RuleBuilder builder) {
    rule(chain, "", builder);
  }

  void rule(String chain, String comment, RuleBuilder builder) {
    List<NfRule> list = rules.get(chain);
    if (list == null) {
      throw new IllegalStateException("chain " + chain + " is not declared");
    }
    list.add(NfRule.of(TABLE, chain, comment, builder.build()));
  }

  List<NfCounter> counters() {
    return counters;
  }

  List<NfSet> sets() {
    return sets;
  }

  /** The chains, each with its rules in order. */
  Map<NfChain, List<NfRule>> chains() {
    return chains;
  }
}
