package io.fairlead.bench.rules;

import io.fairlead.bench.rules.Change.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Changes of a population, each after those before: endpoints are replaced in Services chosen at
 * random; for each other kind there is one Service beside the population. Not thread-safe.
 */
final class Changes {

  /** How many endpoints a Service is scaled to, and how many of them are replaced at once. */
  static final int MANY = 100;

  private static final int SCALED = Population.FIRST_SPARE;
  private static final int ROLLED = SCALED + 1;
  private static final int COMING = SCALED + 2;

  private final Population population;
  private final Random random;

  /** The endpoints of Services that are not as they were loaded; spare ones that exist are here. */
  private final Map<Integer, List<String>> changed = new HashMap<>();

  private int fresh;

  Changes(Population population, long seed) {
    this.population = population;
    this.random = new Random(seed);
  }

  /** What has to be done before a change of this kind can be made; often nothing. */
  List<Change> preparing(Kind kind) {
    return switch (kind) {
      case REPLACED -> List.of();
      case SCALED -> scaledToNone();
      case ADDED -> changed.containsKey(COMING) ? List.of(delete(COMING)) : List.of();
      case DELETED -> changed.containsKey(COMING) ? List.of() : List.of(comes());
      case ROLLED -> changed.containsKey(ROLLED) ? List.of() : List.of(add(ROLLED, MANY));
    };
  }

  private List<Change> scaledToNone() {
    List<String> before = changed.get(SCALED);
    if (before == null) {
      return List.of(add(SCALED, 0));
    }
    return before.isEmpty() ? List.of() : List.of(endpoints(Kind.SCALED, SCALED, 0, MANY));
  }

  /** A change of this kind; what prepares it was made. */
  Change next(Kind kind) {
    return switch (kind) {
      case REPLACED -> endpoints(kind, random.nextInt(population.services()), 1, 1);
      case SCALED -> endpoints(kind, SCALED, MANY, 0);
      case ADDED -> comes();
      case DELETED -> delete(COMING);
      case ROLLED -> endpoints(kind, ROLLED, MANY, MANY);
    };
  }

  /** All endpoints of a Service of the population give their places to others. */
  Change replaceAll(int service) {
    return endpoints(Kind.REPLACED, service, population.endpoints(), population.endpoints());
  }

  /** New endpoints, and of those until now all but the first {@code leaving}. */
  private Change endpoints(Kind kind, int service, int coming, int leaving) {
    List<String> before = changed.computeIfAbsent(service, population::addresses);
    int first = fresh;
    List<String> after = freshAddresses(coming);
    after.addAll(before.subList(leaving, before.size()));
    changed.put(service, after);
    return new Change(kind, service, before, after, Population.freshAddress(first));
  }

  private Change comes() {
    return add(COMING, population.endpoints());
  }

  private Change add(int service, int size) {
    int first = fresh;
    List<String> after = freshAddresses(size);
    changed.put(service, after);
    return new Change(Kind.ADDED, service, List.of(), after, Population.freshAddress(first));
  }

  private Change delete(int service) {
    List<String> before = changed.remove(service);
    if (before == null) {
      throw new IllegalStateException("Service " + service + " is not there to be deleted");
    }
    return new Change(Kind.DELETED, service, before, List.of(), Population.freshAddress(fresh));
  }

  private List<String> freshAddresses(int count) {
    List<String> addresses = new ArrayList<>(Collections.nCopies(count, ""));
    addresses.replaceAll(_ -> Population.freshAddress(fresh++));
    return addresses;
  }
}
