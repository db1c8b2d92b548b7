package io.fairlead.dataplane.table;

import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfChain.Hook;
import io.fairlead.dataplane.netlink.nftables.NfChain.Point;
import io.fairlead.dataplane.netlink.nftables.NfCounter;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a table consists of, whatever Services there are: all but elements. Chains are declared
 * before rules are added to them, and before rules that lead to them. Not thread-safe while it is
 * built.
 */
public final class TableShape {

  private final NfTable definition;
  private final List<NfCounter> counters = new ArrayList<>();
  private final List<NfSet> sets = new ArrayList<>();
  private final Map<NfChain, List<NfRule>> chains = new LinkedHashMap<>();
  private final Map<String, List<NfRule>> rules = new LinkedHashMap<>();

  /** A table without anything in it yet. */
  public TableShape(NfTable definition) {
    this.definition = definition;
  }

  /** Adds a named counter. */
  public void counter(String name, String comment) {
    counters.add(NfCounter.of(table(), name, comment));
  }

  /** Adds sets and maps. */
  public void sets(List<NfSet> more) {
    sets.addAll(more);
  }

  private void chain(NfChain chain) {
    chain(chain, List.of());
  }

  /** Adds a chain with rules, to which more can be added. */
  public void chain(NfChain chain, List<NfRule> first) {
    List<NfRule> list = new ArrayList<>(first);
    chains.put(chain, list);
    rules.put(chain.name(), list);
  }

  /** Adds a chain that other chains lead to. */
  public void chain(String name, String comment) {
    chain(NfChain.regular(table(), name, comment));
  }

  /** Adds a chain that packets enter by themselves, and that accepts what reaches its end. */
  public void hook(String name, NfChain.Type type, Point point, int priority, String comment) {
    chain(new NfChain(table(), name, Hook.accepting(type, point, priority), comment));
  }

  /** Adds a rule at the end of a chain. */
  public void rule(String chain, RuleBuilder builder) {
    rule(chain, "", builder);
  }

  /**
   * Adds a rule at the end of a chain.
   *
   * @throws IllegalStateException if the chain is not declared
   */
  public void rule(String chain, String comment, RuleBuilder builder) {
    List<NfRule> list = rules.get(chain);
    if (list == null) {
      throw new IllegalStateException("chain " + chain + " is not declared");
    }
    list.add(NfRule.of(table(), chain, comment, builder.build()));
  }

  /** The table itself. */
  public NfTable definition() {
    return definition;
  }

  /** The table's name. */
  public TableName table() {
    return definition.name();
  }

  /** The named counters, in the order of their addition. */
  public List<NfCounter> counters() {
    return Collections.unmodifiableList(counters);
  }

  /** The sets and maps, in the order of their addition. */
  public List<NfSet> sets() {
    return Collections.unmodifiableList(sets);
  }

  /** The chains in the order of their addition, each with its rules in order. */
  public Map<NfChain, List<NfRule>> chains() {
    return Collections.unmodifiableMap(chains);
  }
}
