package io.fairlead.bench.cni;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be measured. */
enum CniFigure {
  SEQUENCE("sequence"),
  PARALLEL("parallel"),
  THROUGHPUT("throughput");

  private final String title;

  CniFigure(String title) {
    this.title = title;
  }

  /**
   * Those that a list with commas names.
   *
   * @throws IllegalArgumentException with a sentence if there is none of a name
   */
  static Set<CniFigure> named(String list) {
    Set<CniFigure> figures = EnumSet.noneOf(CniFigure.class);
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
    return Arrays.stream(values()).map(figure -> figure.title).collect(Collectors.joining(", "));
  }
}
