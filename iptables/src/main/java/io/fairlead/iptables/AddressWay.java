package io.fairlead.iptables;

import io.fairlead.iptables.kernel.BuiltInJump;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.IptablesTable;
import io.fairlead.iptables.rule.Target;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What packets to one address meet in one table, as it was committed.
 *
 * @param jumps rules of built-in chains, those before the address and those behind it
 * @param path single rules of chains that other addresses share
 * @param chains whole chains that the path leads to, in the order in which packets come to them
 */
record AddressWay(
    IptablesTable table,
    List<BuiltInJump> jumps,
    List<DispatchTree.Step> path,
    Map<String, List<IptablesRule>> chains) {

  /**
   * The way from a path on.
   *
   * @param known all chains that it may come to, by their names
   */
  static AddressWay of(
      IptablesTable table, List<DispatchTree.Step> path, Map<String, List<IptablesRule>> known) {
    Map<String, List<IptablesRule>> chains = new LinkedHashMap<>();
    if (!path.isEmpty()) {
      Deque<String> next = new ArrayDeque<>(targets(List.of(path.getLast().rule())));
      Set<String> seen = new HashSet<>(next);
      while (!next.isEmpty()) {
        String chain = next.removeFirst();
        List<IptablesRule> rules = known.get(chain);
        if (rules != null) {
          chains.put(chain, rules);
          targets(rules).stream().filter(seen::add).forEach(next::addLast);
        }
      }
    }
    return new AddressWay(table, BaseChains.jumps(table), path, chains);
  }

  private static List<String> targets(List<IptablesRule> rules) {
    List<String> targets = new ArrayList<>();
    for (IptablesRule rule : rules) {
      switch (rule.target()) {
        case Target.Jump(String chain) -> targets.add(chain);
        case Target.GoTo(String chain) -> targets.add(chain);
        case null, default -> {}
      }
    }
    return targets;
  }

  /** All chains of ours that it passes. */
  Set<String> names() {
    Set<String> names = new HashSet<>(chains.keySet());
    path.forEach(step -> names.add(step.chain()));
    names.add(ChainNames.POSTROUTING);
    return names;
  }
}
