package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.LabelSelector.Requirement;
import io.fairlead.dataplane.model.Labels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds by a selector those whose labels it may match, without looking at all of them. */
final class LabelIndex<T> {

  private final Set<T> all = new LinkedHashSet<>();
  private final Map<LabelPair, Set<T>> byPair = new HashMap<>();

  void add(T item, Labels labels) {
    all.add(item);
    labels.forEach((key, value) ->
        byPair.computeIfAbsent(new LabelPair(key, value), _ -> new LinkedHashSet<>()).add(item));
  }

  /**
   * Forgets what was added.
   *
   * @param labels the same as then
   */
  void remove(T item, Labels labels) {
    all.remove(item);
    labels.forEach((key, value) ->
        byPair.computeIfPresent(
            new LabelPair(key, value),
            (_, items) -> items.remove(item) && items.isEmpty() ? null : items));
  }

  /** All whom a selector matches, and maybe others: the fewest that its requirements lead to. */
  Collection<T> candidates(LabelSelector selector) {
    Collection<T> best = all;
    for (Requirement requirement : selector.requirements()) {
      List<LabelPair> pairs = LabelPair.of(requirement);
      if (!pairs.isEmpty() && pairs.stream().mapToInt(this::count).sum() < best.size()) {
        best = pairs.size() == 1 ? found(pairs.getFirst()) : found(pairs);
      }
    }
    return Collections.unmodifiableCollection(best);
  }

  private List<T> found(List<LabelPair> pairs) {
    List<T> found = new ArrayList<>();
    pairs.forEach(pair -> found.addAll(found(pair)));
    return found;
  }

  private Set<T> found(LabelPair pair) {
    return byPair.getOrDefault(pair, Set.of());
  }

  private int count(LabelPair pair) {
    return found(pair).size();
  }

  int size() {
    return all.size() + byPair.size();
  }
}
