package io.fairlead.bench.policy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be measured. */
enum Figure {
  /** From a write to the API server until packets pass, or cease to. */
  POLICY_UPDATE("policy-update"),
  POLICY_EVENT_TO_KERNEL("policy-event-to-kernel"),
  /** Restarts too. */
  FIRST_SYNC("first-sync"),
  MEMORY("memory");

  private final String title;

  Figure(String title) {
    this.title = title;
  }

  /** What the command line and the tables call it. */
  String title() {
    return title;
  }

  /**
   * Those that a list with commas names.
   *
   * @throws IllegalArgumentException with a sentence if there is none of a name
   */
  static Set<Figure> named(String list) {
    Set<Figure> figures = EnumSet.noneOf(Figure.class);
    for (String word : list.split(",", -1)) {
      figures.add(
          Arrays.stream(values())
              .filter(figure -> figure.title.equals(word))
              .findFirst()
              .orElseThrow(() ->
                  new IllegalArgumentException(
                      "there is no figure \"" + word + "\"; try " + titles())));
    }
    return figures;
  }

  private static String titles() {
    return Arrays.stream(values()).map(Figure::title).collect(Collectors.joining(", "));
  }
}
