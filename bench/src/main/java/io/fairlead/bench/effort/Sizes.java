package io.fairlead.bench.effort;

import io.fairlead.bench.rules.Population;

/**
 * How large what is changed is, and how often it changes.
 *
 * @param nodes of the overlay
 * @param changes of each kind
 */
record Sizes(
    Population services, io.fairlead.bench.policy.Population policies, int nodes, int changes) {

  /** Of the regression guard: some seconds in a kernel that is slow. */
  static final Sizes SMALL = of(new Population(100, 4), 200, 40, 20, 8);

  static Sizes of(Population services, int pods, int policies, int nodes, int changes) {
    return new Sizes(
        services, io.fairlead.bench.policy.Population.of(pods, policies), nodes, changes);
  }
}
