package io.fairlead.bench.rules;

import java.util.List;

/**
 * What the command line asks for, besides what {@link Grid} holds.
 *
 * @param changes of each kind, for each contender that is not a rival
 * @param rivalChanges the most of each kind for each rival
 * @param rivalServices the most Services that a rival is loaded with
 * @param seconds how long changes come at a steady rate
 * @param rounds of first syncs, restarts and bursts
 * @param seed of the choice of Services
 */
record RulesOptions(
    List<Backend> backends,
    int changes,
    boolean rivals,
    int rivalChanges,
    int rivalServices,
    int seconds,
    int rounds,
    long seed) {

  RulesOptions {
    backends = List.copyOf(backends);
    if (changes < 1 || rivalChanges < 1 || rivalServices < 1 || seconds < 1 || rounds < 1) {
      throw new IllegalArgumentException("every number is 1 at least");
    }
    if (backends.contains(Backend.IPVS) && backends.size() > 1) {
      throw new IllegalArgumentException(
          "ipvs is measured by itself, since it may need another kernel; name it alone");
    }
  }

  /**
   * Whether an entrant takes part in a round, counted from 0: rivals do in some, evenly spread, and
   * one of them perhaps in fewer.
   */
  boolean takesPart(boolean rival, int mostChanges, int round) {
    long most = Math.min(Math.min(changes, rivalChanges), mostChanges);
    return !rival || round * most / changes != (round + 1) * most / changes;
  }

  /** What an entrant is loaded with. */
  Population population(boolean rival, Population wanted) {
    return rival
        ? new Population(Math.min(wanted.services(), rivalServices), wanted.endpoints())
        : wanted;
  }
}
