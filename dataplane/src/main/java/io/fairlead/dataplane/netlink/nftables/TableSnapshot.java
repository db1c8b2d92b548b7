package io.fairlead.dataplane.netlink.nftables;

import java.util.List;
import java.util.Map;

/**
 * All of a table at one moment. Its text is close to {@code nft list table}, in the order of names,
 * but for rules, which are in the order of evaluation.
 *
 * @param generation the state of the ruleset that this is a part of
 * @param elements by the set's name; without those of dynamic sets, which packets add
 */
public record TableSnapshot(
    long generation,
    NfTable table,
    List<NfChain> chains,
    List<NfRule> rules,
    List<NfSet> sets,
    Map<String, List<SetElement>> elements,
    List<NfCounter> counters) {

  public TableSnapshot {
    chains = List.copyOf(chains);
    rules = List.copyOf(rules);
    sets = List.copyOf(sets);
    elements = Map.copyOf(elements);
    counters = List.copyOf(counters);
  }

  /** The rules of a chain, in order. */
  public List<NfRule> rules(String chain) {
    return rules.stream().filter(rule -> rule.chain().equals(chain)).toList();
  }

  /** The elements of a set, in the order of their keys. */
  public List<SetElement> elements(String set) {
    return elements.getOrDefault(set, List.of());
  }

  @Override
  public String toString() {
    return new SnapshotText(this).toString();
  }
}
