package io.fairlead.bench.policy;

import java.util.Set;

/**
 * What is measured, and how much of it.
 *
 * @param population of all figures but memory
 * @param large of memory
 * @param changes of each kind, for each contender that is not a rival; 1 at least
 * @param rivalChanges the most of each kind for each rival; 0 if none takes part
 */
record PolicyOptions(
    Population population, Population large, int changes, int rivalChanges, Set<Figure> figures) {

  PolicyOptions {
    if (changes < 1) {
      throw new IllegalArgumentException("there is 1 change of each kind at least, not " + changes);
    }
    if (rivalChanges < 0) {
      throw new IllegalArgumentException("rivals make 0 changes or more, not " + rivalChanges);
    }
    figures = Set.copyOf(figures);
  }

  boolean rivals() {
    return rivalChanges > 0;
  }
}
