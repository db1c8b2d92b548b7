package io.fairlead.bench.report.plot;

import io.fairlead.bench.report.plot.Svg.Anchor;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What was when, in lanes over a common axis of time.
 *
 * @param below a line below the title, or empty
 * @param seconds how long all of it took
 */
public record TimelinePlot(String title, String below, double seconds, List<Lane> lanes)
    implements Plot {

  private static final double LEFT = 172;
  private static final double RIGHT = Frame.WIDTH - Frame.MARGIN;
  private static final double ROW = 20;
  private static final double BAR = 12;
  private static final double GAP = 14;

  /** So wide is a moment at least. */
  private static final double LEAST = 1.5;

  private static final int TICKS = 8;

  /**
   * A row.
   *
   * @param spans drawn in this order
   * @param upper whether it belongs to the upper group, which comes first
   */
  public record Lane(String label, List<Span> spans, boolean upper) {
    public Lane {
      spans = List.copyOf(spans);
    }
  }

  /** From one second to another. */
  public record Span(double from, double to, Style style) {}

  public TimelinePlot {
    lanes = List.copyOf(lanes);
  }

  @Override
  public String svg(String id) {
    Svg svg = new Svg();
    double top = Frame.head(svg, title, below) + 4;
    Scale.Linear round = Scale.Linear.holding(seconds, LEFT, RIGHT, TICKS);
    double bottom = top + lanes.size() * ROW + GAP;
    Frame.horizontal(svg, round.ticks(), round, top, bottom);
    double y = top;
    boolean upper = true;
    for (Lane lane : lanes) {
      if (upper && !lane.upper()) {
        svg.line("grid", Frame.MARGIN, y + GAP / 2, RIGHT, y + GAP / 2);
        y += GAP;
      }
      upper = lane.upper();
      svg.text("quiet", LEFT - 8, y + ROW / 2 + 5, Anchor.END, lane.label());
      // Of thousands of short spans most look the same.
      Set<Bar> drawn = new HashSet<>();
      for (Span span : lane.spans()) {
        Bar bar = bar(round, span);
        if (drawn.add(bar)) {
          draw(svg, y + (ROW - BAR) / 2, bar);
        }
      }
      y += ROW;
    }
    svg.text("quiet", (LEFT + RIGHT) / 2, bottom + 38, Anchor.MIDDLE, "seconds");
    String description = lanes.size() + " lanes over " + Svg.number(seconds) + " seconds";
    return Frame.image(svg, id, bottom + 50, title, description);
  }

  /** What is seen of a span, in the picture's own precision. */
  private record Bar(String from, String width, Style style) {}

  private static Bar bar(Scale scale, Span span) {
    double from = scale.at(span.from());
    double width = Math.max(LEAST, scale.at(span.to()) - from);
    return new Bar(Svg.number(from), Svg.number(width), span.style());
  }

  private static void draw(Svg svg, double y, Bar bar) {
    svg.element(
        "rect",
        "class",
        bar.style().name(),
        "x",
        bar.from(),
        "y",
        y,
        "width",
        bar.width(),
        "height",
        BAR);
  }
}
