package io.fairlead.bench.report.plot;

/**
 * How a contender looks in every plot.
 *
 * @param name of the class in the style sheet
 * @param light its colour on white, as #rrggbb
 * @param dark its colour on nearly black
 */
public record Style(String name, String light, String dark, Marker marker) {

  /** The shape says the role, for those to whom colours say little. */
  public enum Marker {
    CIRCLE,
    SQUARE,
    DIAMOND
  }

  /** Draws the marker, as wide as two radii. */
  void mark(Svg svg, double x, double y, double radius) {
    String look = "mark " + name;
    switch (marker) {
      case CIRCLE -> svg.element("circle", "class", look, "cx", x, "cy", y, "r", radius);
      case SQUARE ->
          svg.element(
              "rect",
              "class",
              look,
              "x",
              x - radius * 0.9,
              "y",
              y - radius * 0.9,
              "width",
              radius * 1.8,
              "height",
              radius * 1.8);
      case DIAMOND -> {
        double r = radius * 1.2;
        svg.element(
            "path",
            "class",
            look,
            "d",
            "M"
                + at(x, y - r)
                + "L"
                + at(x + r, y)
                + "L"
                + at(x, y + r)
                + "L"
                + at(x - r, y)
                + "Z");
      }
    }
  }

  private static String at(double x, double y) {
    return Svg.number(x) + " " + Svg.number(y);
  }
}
