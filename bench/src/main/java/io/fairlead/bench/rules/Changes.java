package io.fairlead.bench.rules;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Changes of Services chosen at random, each after those before. Not thread-safe. */
final class Changes {

  private final Population population;
  private final Random random;
  private final Map<Integer, List<String>> changed = new HashMap<>();
  private int replaced;

  Changes(Population population, long seed) {
    this.population = population;
    this.random = new Random(seed);
  }

  Change next(Change.Kind kind) {
    int service = random.nextInt(population.services());
    List<String> addresses =
        new ArrayList<>(changed.computeIfAbsent(service, population::addresses));
    int slice =
        switch (kind) {
          case REPLACED -> {
            addresses.set(0, Population.freshAddress(replaced++));
            yield 0;
          }
          case SCALED -> {
            if (addresses.size() == population.endpoints()) {
              addresses.add(Population.freshAddress(replaced++));
            } else {
              addresses.removeLast();
            }
            yield population.endpoints() / ObjectText.SLICE_SIZE;
          }
        };
    changed.put(service, addresses);
    return Change.of(kind, service, slice, addresses);
  }
}
