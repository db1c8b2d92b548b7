package io.fairlead.bench.rules;

import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The populations of the published table, and what is measured at each. */
final class Grid {

  private Grid() {}

  static Map<Population, Set<Figure>> of(RulesOptions options) {
    if (!options.grid()) {
      return Map.of(options.population(), options.figures());
    }
    Map<Population, Set<Figure>> grid = new LinkedHashMap<>();
    grid.put(new Population(10_000, 2), EnumSet.allOf(Figure.class));
    grid.put(
        new Population(1000, 2),
        EnumSet.of(Figure.EVENT_TO_KERNEL, Figure.FIRST_SYNC, Figure.WRITE_TO_TRAFFIC));
    grid.put(new Population(44_000, 1), EnumSet.of(Figure.FIRST_SYNC));
    grid.put(new Population(5000, 50), EnumSet.of(Figure.FIRST_SYNC, Figure.MEMORY));
    grid.values().forEach(figures -> figures.retainAll(options.figures()));
    return grid;
  }
}
