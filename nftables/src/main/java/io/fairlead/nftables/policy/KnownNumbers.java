package io.fairlead.nftables.policy;

import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.netlink.nftables.ElementData;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.table.PresentElements;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers that combinations have in the kernel: who keeps them changes nothing that leads to them.
 * Not thread-safe.
 */
final class KnownNumbers {

  /** Larger ones are not ours. */
  private static final int LARGEST = 0xffff;

  private final Map<PolicyDirection, Map<String, Integer>> byChain =
      new EnumMap<>(PolicyDirection.class);

  /** The numbers of what is in the maps. */
  static KnownNumbers of(PresentElements present) {
    KnownNumbers numbers = new KnownNumbers();
    for (PolicyDirection direction : PolicyDirection.values()) {
      Map<String, Integer> chains = new HashMap<>();
      List<SetElement> elements = present.unclaimed(PolicySets.chains(direction));
      for (SetElement element : elements.stream().sorted(BY_KEY).toList()) {
        if (element.data() instanceof ElementData.OfVerdict verdict
            && element.key().length() == 4) {
          int number = element.key().u32At(0);
          if (number > 0 && number <= LARGEST) {
            chains.putIfAbsent(verdict.verdict().chain(), number);
          }
        }
      }
      numbers.byChain.put(direction, chains);
    }
    return numbers;
  }

  private static final java.util.Comparator<SetElement> BY_KEY =
      java.util.Comparator.comparing(SetElement::key);

  private Map<String, Integer> of(PolicyDirection direction) {
    return byChain.getOrDefault(direction, Map.of());
  }

  /** Those of a direction that nobody has taken yet. */
  Collection<Integer> numbers(PolicyDirection direction) {
    return of(direction).values();
  }

  /** The number of a combination, which nobody else gets; null if it has none. */
  @Nullable Integer take(Combination combination) {
    Map<String, Integer> chains = of(combination.direction());
    return chains.isEmpty() ? null : chains.remove(combination.name());
  }

  void clear() {
    byChain.clear();
  }
}
