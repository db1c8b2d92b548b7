package io.fairlead.iptables.kernel;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is ours in one table.
 *
 * @param chains the rules of each of our chains, in order
 * @param jumps rules of built-in chains that lead to ours
 */
public record XtablesSnapshot(Map<String, List<HeldRule>> chains, List<HeldJump> jumps) {

  /**
   * A rule in the kernel.
   *
   * @param text what iptables-save prints after "-A CHAIN "; of a rule that somebody changed into
   *     what fairlead has no words for, something that equals no text of ours
   * @param packets that it applied to since it was made
   * @param bytes of these packets
   */
  public record HeldRule(String text, long packets, long bytes) {}

  /**
   * A rule of a built-in chain.
   *
   * @param index its place in the chain: 0 for the first
   */
  public record HeldJump(String chain, String text, int index) {}

  public static final XtablesSnapshot EMPTY = new XtablesSnapshot(Map.of(), List.of());

  public XtablesSnapshot {
    Map<String, List<HeldRule>> copy = new LinkedHashMap<>();
    chains.forEach((name, rules) -> copy.put(name, List.copyOf(rules)));
    chains = Collections.unmodifiableMap(copy);
    jumps = List.copyOf(jumps);
  }

  /** The texts of a chain's rules; empty also if there is no such chain. */
  public List<String> texts(String chain) {
    return chains.getOrDefault(chain, List.of()).stream().map(HeldRule::text).toList();
  }
}
