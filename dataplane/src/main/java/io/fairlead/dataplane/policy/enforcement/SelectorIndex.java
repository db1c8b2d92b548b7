package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.LabelSelector;
import io.fairlead.dataplane.model.LabelSelector.Requirement;
import io.fairlead.dataplane.model.Labels;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds by a pod's labels the selectors that may match it, without looking at all of them: each is
 * filed under the values of one of its requirements, which a pod must have to be meant.
 */
final class SelectorIndex {

  /**
   * Where selectors are filed.
   *
   * @param namespace the only one they mean, null for those that select namespaces
   * @param label what the pod must have, null for those that require no value of it
   * @param namespaceLabel what its namespace must have; null if {@code label} is there
   */
  private record Drawer(
      @Nullable String namespace, @Nullable LabelPair label, @Nullable LabelPair namespaceLabel) {}

  private final Map<Drawer, Set<UsedSelector>> drawers = new HashMap<>();
  private final Map<UsedSelector, List<Drawer>> filed = new HashMap<>();

  void add(UsedSelector used) {
    List<Drawer> places = places(used.selector());
    filed.put(used, places);
    places.forEach(place -> drawers.computeIfAbsent(place, _ -> new HashSet<>()).add(used));
  }

  void remove(UsedSelector used) {
    List<Drawer> places = filed.remove(used);
    if (places != null) {
      for (Drawer place : places) {
        drawers.computeIfPresent(
            place, (_, users) -> users.remove(used) && users.isEmpty() ? null : users);
      }
    }
  }

  private List<Drawer> places(PeerSelector selector) {
    List<List<Drawer>> choices = new ArrayList<>();
    for (List<LabelPair> pairs : pairs(selector.pods())) {
      choices.add(
          pairs.stream().map(pair -> new Drawer(selector.namespace(), pair, null)).toList());
    }
    LabelSelector namespaces = selector.namespaces();
    if (choices.isEmpty() && namespaces != null) {
      for (List<LabelPair> pairs : pairs(namespaces)) {
        choices.add(pairs.stream().map(pair -> new Drawer(null, null, pair)).toList());
      }
    }
    List<Drawer> best = List.of(new Drawer(selector.namespace(), null, null));
    int fewest = Integer.MAX_VALUE;
    for (List<Drawer> choice : choices) {
      int count = choice.stream().mapToInt(place -> users(place).size()).sum();
      if (count < fewest) {
        best = choice;
        fewest = count;
      }
    }
    return best;
  }

  private static List<List<LabelPair>> pairs(LabelSelector selector) {
    List<List<LabelPair>> pairs = new ArrayList<>();
    for (Requirement requirement : selector.requirements()) {
      List<LabelPair> ofOne = LabelPair.of(requirement);
      if (!ofOne.isEmpty()) {
        pairs.add(ofOne);
      }
    }
    return pairs;
  }

  private Set<UsedSelector> users(Drawer place) {
    return drawers.getOrDefault(place, Set.of());
  }

  /** All selectors that mean such a pod, and maybe others; each once. */
  List<UsedSelector> candidates(PodTraits traits, Labels namespaceLabels) {
    String namespace = traits.namespace();
    List<UsedSelector> found = new ArrayList<>();
    found.addAll(users(new Drawer(namespace, null, null)));
    found.addAll(users(new Drawer(null, null, null)));
    traits
        .labels()
        .forEach((key, value) -> {
          LabelPair pair = new LabelPair(key, value);
          found.addAll(users(new Drawer(namespace, pair, null)));
          found.addAll(users(new Drawer(null, pair, null)));
        });
    namespaceLabels.forEach(
        (key, value) -> found.addAll(users(new Drawer(null, null, new LabelPair(key, value)))));
    return found;
  }

  int size() {
    return drawers.size() + filed.size();
  }
}
