package io.fairlead.bench.report.plot;

import io.fairlead.bench.report.plot.Svg.Anchor;
import java.util.List;

/** What all plots have: ground, title, and a line below it. */
final class Frame {

  /** Of every plot. */
  static final double WIDTH = 720;

  static final double MARGIN = 16;

  private static final double LINE = 18;

  private Frame() {}

  /** Returns how far down the title and what is below it reach. */
  static double head(Svg svg, String title, String below) {
    double y = MARGIN;
    // A bold text is wider.
    for (String line : TextWidth.wrap(title, Stylesheet.SIZE * 1.12, WIDTH - 2 * MARGIN)) {
      y += LINE;
      svg.text("label", MARGIN, y - 5, Anchor.START, line);
    }
    if (!below.isEmpty()) {
      for (String line : TextWidth.wrap(below, Stylesheet.SIZE, WIDTH - 2 * MARGIN)) {
        y += LINE;
        svg.text("quiet", MARGIN, y - 5, Anchor.START, line);
      }
    }
    return y + 6;
  }

  /** The image with the ground behind it. */
  static String image(Svg content, String id, double height, String title, String description) {
    return content
        .image(id, WIDTH, height, title, description)
        .replaceFirst(
            "</desc>\n",
            "</desc>\n<rect class=\"ground\" width=\""
                + Svg.number(WIDTH)
                + "\" height=\""
                + Svg.number(height)
                + "\"/>\n");
  }

  /** Ticks of a horizontal axis: lines from {@code top} to {@code bottom}, labels below. */
  static void horizontal(Svg svg, List<Scale.Tick> ticks, Scale scale, double top, double bottom) {
    double free = 0;
    for (Scale.Tick tick : ticks) {
      double x = scale.at(tick.value());
      svg.line("grid", x, top, x, bottom);
      double half = TextWidth.of(tick.label(), Stylesheet.SIZE) / 2;
      // Labels at the edges move inwards, and one that would touch its neighbour is left out.
      double middle = Math.clamp(x, MARGIN / 2 + half, WIDTH - MARGIN / 2 - half);
      if (!tick.label().isEmpty() && middle - half > free) {
        svg.text("quiet", middle, bottom + 19, Anchor.MIDDLE, tick.label());
        free = middle + half + 4;
      }
    }
  }
}
