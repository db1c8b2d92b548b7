package io.fairlead.bench.rules;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What is changed, and how fast. */
enum Workload {
  REPLACED,
  SCALED,
  ADDED,
  DELETED,
  ROLLED,
  /** A thousand changes as fast as the API server takes them. */
  BURST,
  /** A hundred changes per second, whether or not those before have taken effect. */
  STEADY;

  /** What the command line calls it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * Those that words name.
   *
   * @throws IllegalArgumentException with a sentence if there is none of a name
   */
  static Set<Workload> named(List<String> words) {
    Set<Workload> workloads = EnumSet.noneOf(Workload.class);
    for (String word : words) {
      if (word.equals("all")) {
        workloads.addAll(EnumSet.allOf(Workload.class));
      } else {
        workloads.add(Words.one("change", word, values(), Workload::word));
      }
    }
    return workloads;
  }

  /** The kinds of changes that are made one by one. */
  static Set<Change.Kind> kinds(Set<Workload> workloads) {
    Set<Change.Kind> kinds = EnumSet.noneOf(Change.Kind.class);
    for (Workload workload : workloads) {
      switch (workload) {
        case REPLACED -> kinds.add(Change.Kind.REPLACED);
        case SCALED -> kinds.add(Change.Kind.SCALED);
        case ADDED -> kinds.add(Change.Kind.ADDED);
        case DELETED -> kinds.add(Change.Kind.DELETED);
        case ROLLED -> kinds.add(Change.Kind.ROLLED);
        case BURST, STEADY -> {}
      }
    }
    return kinds;
  }
}
