package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.nftables.expression.Expression;
import io.fairlead.dataplane.netlink.nftables.expression.FieldList;
import io.fairlead.dataplane.sys.Errno;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One table in memory. Changes return the errno that the kernel would, or 0. */
final class FakeTable {

  private final NfTable table;
  private final Map<String, NfChain> chains = new LinkedHashMap<>();
  private final Map<String, List<NfRule>> rules = new LinkedHashMap<>();
  private final Map<String, FakeSet> sets = new LinkedHashMap<>();
  private final Map<String, NfCounter> counters = new LinkedHashMap<>();

  FakeTable(NfTable table) {
    this.table = table;
  }

  FakeTable copy() {
    FakeTable copy = new FakeTable(table);
    copy.chains.putAll(chains);
    rules.forEach((chain, list) -> copy.rules.put(chain, new ArrayList<>(list)));
    sets.forEach((name, set) -> copy.sets.put(name, set.copy()));
    copy.counters.putAll(counters);
    return copy;
  }

  NfTable table() {
    return table;
  }

  List<NfChain> chains() {
    return List.copyOf(chains.values());
  }

  List<NfRule> rules() {
    return rules.values().stream().flatMap(List::stream).toList();
  }

  List<NfSet> sets() {
    return sets.values().stream().map(FakeSet::definition).toList();
  }

  @Nullable List<SetElement> elements(String set) {
    FakeSet found = sets.get(set);
    return found == null ? null : found.elements();
  }

  List<NfCounter> counters() {
    return List.copyOf(counters.values());
  }

  TableSnapshot snapshot(long generation) {
    Map<String, List<SetElement>> elements = new HashMap<>();
    sets.forEach((name, set) -> {
      if (!set.definition().dynamic()) {
        elements.put(name, set.elements());
      }
    });
    return new TableSnapshot(generation, table, chains(), rules(), sets(), elements, counters());
  }

  int add(NfChain chain) {
    NfChain present = chains.putIfAbsent(chain.name(), chain);
    if (present == null) {
      rules.put(chain.name(), new ArrayList<>());
      return 0;
    }
    return isSameHook(present.hook(), chain.hook()) ? 0 : Errno.EOPNOTSUPP;
  }

  private static boolean isSameHook(NfChain.@Nullable Hook a, NfChain.@Nullable Hook b) {
    return b == null
        || (a != null
            && a.type() == b.type()
            && a.point() == b.point()
            && a.priority() == b.priority());
  }

  int deleteChain(String chain) {
    if (!chains.containsKey(chain)) {
      return Errno.ENOENT;
    }
    // The chain's own rules go with it and do not count.
    List<NfRule> own = rules.put(chain, new ArrayList<>());
    if (isChainUsed(chain)) {
      rules.put(chain, own == null ? new ArrayList<>() : own);
      return Errno.EBUSY;
    }
    chains.remove(chain);
    rules.remove(chain);
    return 0;
  }

  private boolean isChainUsed(String chain) {
    return anyExpression(new FakeReferences.ToChain(chain))
        || sets.values().stream().anyMatch(set -> set.leadsTo(chain));
  }

  private boolean anyExpression(java.util.function.Predicate<Expression> test) {
    return rules.values().stream()
        .flatMap(List::stream)
        .flatMap(rule -> rule.expressions().stream())
        .anyMatch(test);
  }

  int flushChain(String chain) {
    List<NfRule> found = rules.get(chain);
    if (found == null) {
      return Errno.ENOENT;
    }
    found.clear();
    return 0;
  }

  private boolean hasReferences(NfRule rule) {
    return rule.expressions().stream()
        .allMatch(expression ->
            FakeReferences.exist(expression, chains.keySet(), sets.keySet(), counters.keySet()));
  }

  private static NfRule withHandle(NfRule rule, long handle) {
    return new NfRule(
        rule.table(), rule.chain(), handle, rule.expressions(), rule.comment(), rule.fingerprint());
  }

  int addRule(NfRule rule, long handle) {
    List<NfRule> chain = rules.get(rule.chain());
    if (chain == null || !hasReferences(rule)) {
      return Errno.ENOENT;
    }
    chain.add(withHandle(rule, handle));
    return 0;
  }

  int insertRule(NfRule rule, long before, long handle) {
    List<NfRule> chain = rules.get(rule.chain());
    int index = chain == null ? -1 : before == 0 ? 0 : indexOf(chain, before);
    if (chain == null || index < 0 || !hasReferences(rule)) {
      return Errno.ENOENT;
    }
    chain.add(index, withHandle(rule, handle));
    return 0;
  }

  int replaceRule(NfRule rule, long replaced, long handle) {
    List<NfRule> chain = rules.get(rule.chain());
    int index = chain == null ? -1 : indexOf(chain, replaced);
    if (chain == null || index < 0 || !hasReferences(rule)) {
      return Errno.ENOENT;
    }
    chain.set(index, withHandle(rule, handle));
    return 0;
  }

  int deleteRule(String chain, long handle) {
    List<NfRule> found = rules.get(chain);
    int index = found == null ? -1 : indexOf(found, handle);
    if (found == null || index < 0) {
      return Errno.ENOENT;
    }
    found.remove(index);
    return 0;
  }

  private static int indexOf(List<NfRule> chain, long handle) {
    for (int i = 0; i < chain.size(); i++) {
      if (chain.get(i).handle() == handle) {
        return i;
      }
    }
    return -1;
  }

  int add(NfSet set) {
    FakeSet present = sets.putIfAbsent(set.name(), new FakeSet(set));
    return present == null || present.isLike(set) ? 0 : Errno.EEXIST;
  }

  int deleteSet(String set) {
    if (!sets.containsKey(set)) {
      return Errno.ENOENT;
    }
    if (anyExpression(new FakeReferences.ToSet(set))) {
      return Errno.EBUSY;
    }
    sets.remove(set);
    return 0;
  }

  int flushSet(String set) {
    FakeSet found = sets.get(set);
    if (found == null) {
      return Errno.ENOENT;
    }
    found.flush();
    return 0;
  }

  int addElements(String set, List<SetElement> elements) {
    FakeSet found = sets.get(set);
    if (found == null) {
      return Errno.ENOENT;
    }
    for (SetElement element : elements) {
      if (element.key().length() != FieldList.length(found.definition().key())) {
        return Errno.EINVAL;
      }
      if (!FakeReferences.exist(element.data(), chains.keySet(), counters.keySet())) {
        return Errno.ENOENT;
      }
      int errno = found.add(element);
      if (errno != 0) {
        return errno;
      }
    }
    return 0;
  }

  int deleteElements(String set, List<SetElement> elements) {
    FakeSet found = sets.get(set);
    if (found == null) {
      return Errno.ENOENT;
    }
    for (SetElement element : elements) {
      if (!found.delete(element)) {
        return Errno.ENOENT;
      }
    }
    return 0;
  }

  int add(NfCounter counter) {
    counters.putIfAbsent(counter.name(), counter);
    return 0;
  }

  int deleteCounter(String counter) {
    if (!counters.containsKey(counter)) {
      return Errno.ENOENT;
    }
    if (anyExpression(new FakeReferences.ToCounter(counter))
        || sets.values().stream().anyMatch(set -> set.holds(counter))) {
      return Errno.EBUSY;
    }
    counters.remove(counter);
    return 0;
  }
}
