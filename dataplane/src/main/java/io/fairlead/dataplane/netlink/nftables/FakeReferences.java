package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.nftables.expression.DynamicSet;
import io.fairlead.dataplane.netlink.nftables.expression.Expression;
import io.fairlead.dataplane.netlink.nftables.expression.ImmediateVerdict;
import io.fairlead.dataplane.netlink.nftables.expression.Lookup;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectLookup;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectReference;
import java.util.Set;
import java.util.function.Predicate;

/** What rules and elements refer to by name. */
final class FakeReferences {

  private FakeReferences() {}

  /** Expressions that lead to a chain. */
  record ToChain(String chain) implements Predicate<Expression> {
    @Override
    public boolean test(Expression expression) {
      return expression instanceof ImmediateVerdict immediate
          && immediate.verdict().chain().equals(chain);
    }
  }

  /** Expressions that use a set. */
  record ToSet(String set) implements Predicate<Expression> {
    @Override
    public boolean test(Expression expression) {
      return set.equals(setOf(expression));
    }
  }

  /** Expressions that use a counter. */
  record ToCounter(String counter) implements Predicate<Expression> {
    @Override
    public boolean test(Expression expression) {
      return expression instanceof ObjectReference reference && reference.name().equals(counter);
    }
  }

  /** The set that the expression uses, or empty. */
  private static String setOf(Expression expression) {
    if (expression instanceof Lookup lookup) {
      return lookup.set();
    }
    if (expression instanceof ObjectLookup lookup) {
      return lookup.set();
    }
    return expression instanceof DynamicSet dynamic ? dynamic.set() : "";
  }

  static boolean exist(
      Expression expression, Set<String> chains, Set<String> sets, Set<String> counters) {
    String set = setOf(expression);
    if (!set.isEmpty()) {
      return sets.contains(set);
    }
    if (expression instanceof ImmediateVerdict immediate) {
      String chain = immediate.verdict().chain();
      return chain.isEmpty() || chains.contains(chain);
    }
    return !(expression instanceof ObjectReference reference)
        || counters.contains(reference.name());
  }

  static boolean exist(ElementData data, Set<String> chains, Set<String> counters) {
    return switch (data) {
      case ElementData.OfVerdict verdict ->
          verdict.verdict().chain().isEmpty() || chains.contains(verdict.verdict().chain());
      case ElementData.OfObject object -> counters.contains(object.name());
      case ElementData.None _, ElementData.OfValue _ -> true;
    };
  }
}
