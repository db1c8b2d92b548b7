package io.fairlead.bench.rules;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What can be measured; the title is a cell's name and what the command line calls it. */
enum Figure {
  /** From a write to the API server until a connection was answered by the new endpoint. */
  RULE_UPDATE("rule-update"),
  /** The same from a record within this process, and for rivals from their text. */
  RECORD_TO_TRAFFIC("record-to-traffic"),
  /** From the text of an object until the kernel has acknowledged the change. */
  EVENT_TO_KERNEL("event-to-kernel"),
  /** From the records of everything until an empty kernel holds it. */
  FIRST_SYNC("first-sync"),
  /** The same over a kernel that holds everything already, and how many operations it takes. */
  RESTART("restart"),
  /** From the start of an agent until it is ready, and the same after it was killed. */
  START_TO_READY("start-to-ready");

  private final String title;

  Figure(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /**
   * Those that words name.
   *
   * @throws IllegalArgumentException with a sentence if there is none of a name
   */
  static Set<Figure> named(List<String> words) {
    Set<Figure> figures = EnumSet.noneOf(Figure.class);
    for (String word : words) {
      if (word.equals("all")) {
        figures.addAll(EnumSet.allOf(Figure.class));
      } else {
        figures.add(Words.one("figure", word, values(), Figure::title));
      }
    }
    return figures;
  }
}
