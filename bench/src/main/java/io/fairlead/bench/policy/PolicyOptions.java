package io.fairlead.bench.policy;

import java.util.Set;

/**
 * What is measured, and how much of it.
 *
 * @param population of all figures but memory
 * @param large of memory
 * @param changes of each kind, for each contender that is not a rival; 1 at least
 */
record PolicyOptions(
    Population population, Population large, int changes, boolean rivals, Set<Figure> figures) {

  PolicyOptions {
    if (changes < 1) {
      throw new IllegalArgumentException("there is 1 change of each kind at least, not " + changes);
    }
    figures = Set.copyOf(figures);
  }
}
