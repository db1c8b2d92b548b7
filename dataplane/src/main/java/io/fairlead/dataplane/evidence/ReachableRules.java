package io.fairlead.dataplane.evidence;

import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.expression.Expression;
import io.fairlead.dataplane.netlink.nftables.expression.ImmediateVerdict;
import io.fairlead.dataplane.netlink.nftables.expression.Reject;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.netlink.nftables.expression.XtTarget;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * What the chains of a table do, in outline: which have rules, which drop, and which lead where. A
 * jump to a chain of ours, as in iptables, counts for nothing, nor do rules with our comment. Jumps
 * by maps are not followed.
 */
final class ReachableRules {

  /** How the names of chains of ours begin in tables of others. */
  private static final String OUR_CHAINS = "FAIRLEAD";

  private static final class Chain {
    boolean rules;
    boolean drops;
    final Set<String> targets = new LinkedHashSet<>();
  }

  private final Map<String, Chain> chains = new HashMap<>();

  private ReachableRules() {}

  static ReachableRules read(NfTablesKernel kernel, TableName table) throws IOException {
    ReachableRules all = new ReachableRules();
    var _ =
        kernel.<Boolean>rules(
            table,
            rule -> {
              all.note(rule);
              return null;
            });
    return all;
  }

  private void note(NfRule rule) {
    if (rule.chain().startsWith(OUR_CHAINS) || rule.text().contains("fairlead: ")) {
      return;
    }
    Chain chain = new Chain();
    for (Expression expression : rule.expressions()) {
      switch (expression) {
        case ImmediateVerdict(Verdict verdict) -> {
          chain.drops |= verdict.kind() == Verdict.Kind.DROP;
          if (!verdict.chain().isEmpty()) {
            chain.targets.add(verdict.chain());
          }
        }
        case Reject _ -> chain.drops = true;
        case XtTarget target -> chain.drops |= target.name().equals("REJECT");
        default -> {}
      }
    }
    if (chain.targets.stream().anyMatch(target -> target.startsWith(OUR_CHAINS))) {
      return;
    }
    Chain all = chains.computeIfAbsent(rule.chain(), _ -> new Chain());
    all.rules = true;
    all.drops |= chain.drops;
    all.targets.addAll(chain.targets);
  }

  boolean hasRules(String chain) {
    Chain found = chains.get(chain);
    return found != null && found.rules;
  }

  /** The chains that are reached from a chain. */
  Set<String> targets(String chain) {
    Set<String> seen = new HashSet<>();
    Deque<String> waiting = new ArrayDeque<>(Set.of(chain));
    while (!waiting.isEmpty()) {
      Chain next = chains.get(waiting.pop());
      if (next != null) {
        next.targets.stream().filter(seen::add).forEach(waiting::push);
      }
    }
    return seen;
  }

  /** Whether a rule of the chain, or of one that is reached from it, drops or refuses. */
  boolean drops(String chain) {
    Set<String> reached = new HashSet<>(targets(chain));
    reached.add(chain);
    return reached.stream().anyMatch(name -> chains.getOrDefault(name, new Chain()).drops);
  }
}
