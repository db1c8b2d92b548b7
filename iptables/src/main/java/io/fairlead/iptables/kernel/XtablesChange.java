package io.fairlead.iptables.kernel;

import io.fairlead.iptables.rule.IptablesRule;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A change of one table.
 *
 * @param chains the chains to be made, or to be given other rules; all rules of each
 * @param deleted chains to be removed. No rule may lead to them after this change
 * @param ensured rules that built-in chains must have. One that is there stays where it is, unless
 *     it should be first and is not
 * @param removed rules, as a snapshot showed them, that built-in chains must not have any more;
 *     what counts is their text, wherever they are by now
 */
public record XtablesChange(
    Map<String, List<IptablesRule>> chains,
    List<String> deleted,
    List<BuiltInJump> ensured,
    List<XtablesSnapshot.HeldJump> removed) {

  public XtablesChange {
    Map<String, List<IptablesRule>> copy = new LinkedHashMap<>();
    chains.forEach((name, rules) -> copy.put(checked(name), List.copyOf(rules)));
    chains = Collections.unmodifiableMap(copy);
    deleted = List.copyOf(deleted);
    deleted.forEach(XtablesChange::checked);
    ensured = List.copyOf(ensured);
    removed = List.copyOf(removed);
    for (String name : deleted) {
      if (chains.containsKey(name)) {
        throw new IllegalArgumentException("chain " + name + " is both made and deleted");
      }
    }
  }

  private static String checked(String name) {
    if (!name.matches(XtablesKernel.PREFIX + "[-_./0-9A-Za-z]*")
        || name.length() > XtablesKernel.MAX_CHAIN_NAME) {
      throw new IllegalArgumentException(
          "a chain's name begins with "
              + XtablesKernel.PREFIX
              + " and has at most "
              + XtablesKernel.MAX_CHAIN_NAME
              + " letters, digits and - _ . /: "
              + name);
    }
    return name;
  }

  /** Only chains. */
  public static XtablesChange ofChains(Map<String, List<IptablesRule>> chains) {
    return new XtablesChange(chains, List.of(), List.of(), List.of());
  }

  public boolean isEmpty() {
    return chains.isEmpty() && deleted.isEmpty() && ensured.isEmpty() && removed.isEmpty();
  }
}
