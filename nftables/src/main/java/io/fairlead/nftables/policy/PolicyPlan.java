package io.fairlead.nftables.policy;

import static io.fairlead.nftables.policy.PolicyTable.TABLE;

import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfCounter;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.table.ElementChanges;
import io.fairlead.dataplane.table.ElementSink;
import io.fairlead.dataplane.table.TableShape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects what a change does to the table, apart from the order in which the kernel wants it. Not
 * thread-safe.
 */
final class PolicyPlan {

  private final ElementSink elements;
  private final List<NfCounter> counters = new ArrayList<>();
  private final List<NfSet> sets = new ArrayList<>();
  private final Map<NfChain, List<NfRule>> chains = new LinkedHashMap<>();
  private final Map<String, List<NfRule>> replaced = new LinkedHashMap<>();
  private final List<String> removedChains = new ArrayList<>();
  private final List<NfOperation> removals = new ArrayList<>();

  PolicyPlan(ElementSink elements) {
    this.elements = elements;
  }

  void addElement(NfSet set, SetElement element) {
    elements.add(set, element);
  }

  void removeElement(NfSet set, SetElement element) {
    elements.remove(set, element);
  }

  ElementSink elements() {
    return elements;
  }

  /** A new chain and the counter of its name. */
  void addChain(NfChain chain, List<NfRule> rules, String counted) {
    counters.add(NfCounter.of(TABLE, chain.name(), counted));
    chains.put(chain, rules);
  }

  /** Other rules in a chain that is there. */
  void replaceRules(String chain, List<NfRule> rules) {
    replaced.put(chain, rules);
  }

  /** A chain that nothing leads to any more, and its counter. */
  void removeChain(String chain) {
    removedChains.add(chain);
  }

  void addSet(NfSet set) {
    sets.add(set);
  }

  /** A set that no rule uses any more, whatever is in it. */
  void removeSet(NfSet set) {
    removals.add(new NfOperation.DeleteSet(TABLE, set.name()));
  }

  /** Adds what is new to a shape, for a comparison with what there is. */
  void addTo(TableShape shape) {
    counters.forEach(counter -> shape.counter(counter.name(), counter.comment()));
    shape.sets(sets);
    chains.forEach(shape::chain);
  }

  /**
   * The change as a whole. Nothing is removed before what leads to it, or added before what it
   * leads to.
   *
   * @param changes what {@link #elements} collected
   */
  NfTransaction transaction(ElementChanges changes) {
    NfTransaction transaction = new NfTransaction().addAll(changes.removals());
    counters.forEach(counter -> transaction.add(new NfOperation.AddCounter(counter)));
    sets.forEach(set -> transaction.add(new NfOperation.AddSet(set)));
    chains.keySet().forEach(chain -> transaction.add(new NfOperation.AddChain(chain)));
    replaced.keySet().forEach(chain -> transaction.add(new NfOperation.FlushChain(TABLE, chain)));
    removedChains.forEach(chain -> transaction.add(new NfOperation.FlushChain(TABLE, chain)));
    chains.values().forEach(rules -> addRules(transaction, rules));
    replaced.values().forEach(rules -> addRules(transaction, rules));
    transaction.addAll(changes.additions());
    removedChains.forEach(chain -> transaction.add(new NfOperation.DeleteChain(TABLE, chain)));
    removedChains.forEach(chain -> transaction.add(new NfOperation.DeleteCounter(TABLE, chain)));
    return transaction.addAll(removals);
  }

  private static void addRules(NfTransaction transaction, List<NfRule> rules) {
    rules.forEach(rule -> transaction.add(new NfOperation.AddRule(rule)));
  }
}
