package io.fairlead.bench.report.plot;

import io.fairlead.bench.report.plot.Svg.Anchor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/**
 * Series over a common axis, each with its name beside its end.
 *
 * @param below a line below the title, or empty
 * @param across what the horizontal axis has, with its unit
 * @param up what the vertical axis has, with its unit; it is logarithmic if the values differ much
 * @param series at least one, with at least one point each
 */
public record LinePlot(String title, String below, Across across, String up, List<Series> series)
    implements Plot {

  private static final double SIZE = Stylesheet.SIZE;
  private static final double LEFT = 64;
  private static final double LABELS = 168;
  private static final double PLOT_RIGHT = Frame.WIDTH - LABELS - 28;
  private static final double LABEL_LINE = 16;
  private static final double LEAST_HEIGHT = 300;
  private static final double MOST_FOR_LINEAR = 4;

  /** What kind of horizontal axis there is. */
  public enum Kind {
    /** Of sizes, logarithmic. */
    SIZES,
    /** Of percentiles, as HdrHistogram plots them. */
    PERCENTILES,
    /** Of numbers from zero; points are not connected. */
    ORDER
  }

  /** The horizontal axis. */
  public record Across(Kind kind, String label) {}

  /**
   * A contender, or a level.
   *
   * @param points ordered from left to right
   */
  public record Series(String label, Style style, List<Point> points) {
    public Series {
      points = List.copyOf(points);
    }
  }

  /** A point in units of the axes. */
  public record Point(double x, double y) {}

  public LinePlot {
    series = List.copyOf(series);
  }

  @Override
  public String svg(String id) {
    Svg svg = new Svg();
    double top = Frame.head(svg, title, below) + 26;
    String axis = isOfOneSize() ? up : up + ", logarithmic";
    svg.text("quiet", Frame.MARGIN, top - 14, Anchor.START, axis);
    List<List<String>> labels = new ArrayList<>();
    List<Double> heights = new ArrayList<>();
    for (Series one : series) {
      labels.add(TextWidth.wrap(one.label(), SIZE, LABELS - 4));
      heights.add(labels.getLast().size() * LABEL_LINE + 4);
    }
    double needed = heights.stream().mapToDouble(Double::doubleValue).sum();
    double bottom = top + Math.max(LEAST_HEIGHT, needed);
    Scale horizontal = across(LEFT, PLOT_RIGHT);
    Scale vertical = up(top, bottom);
    Frame.horizontal(svg, horizontal.ticks(), horizontal, top, bottom);
    vertical(svg, vertical);
    svg.text(
        "quiet",
        (LEFT + PLOT_RIGHT) / 2,
        bottom + 38,
        Anchor.MIDDLE,
        TextWidth.shorten(across.label(), SIZE, PLOT_RIGHT - LEFT));
    List<Double> ends =
        series.stream().map(one -> vertical.at(one.points().getLast().y())).toList();
    List<Double> tops = Spread.tops(ends, heights, top, bottom);
    for (int i = 0; i < series.size(); i++) {
      draw(svg, series.get(i), horizontal, vertical);
      label(svg, series.get(i), labels.get(i), tops.get(i), horizontal, ends.get(i));
    }
    return Frame.image(svg, id, bottom + 46, title, description());
  }

  private Scale across(double low, double high) {
    List<Double> values =
        series.stream().flatMap(one -> one.points().stream()).map(Point::x).toList();
    double least = values.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    double most = values.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    return switch (across.kind()) {
      case SIZES -> Scale.Log.holding(least, most, low, high);
      case PERCENTILES -> new Scale.Percentile(most, low, high);
      case ORDER -> Scale.Linear.holding(most, low, high, 5);
    };
  }

  private double least() {
    return values().min().orElseThrow();
  }

  private double most() {
    return values().max().orElseThrow();
  }

  private DoubleStream values() {
    return series.stream().flatMap(one -> one.points().stream()).mapToDouble(Point::y);
  }

  /** On a logarithmic axis small differences would look large. */
  private boolean isOfOneSize() {
    return most() <= MOST_FOR_LINEAR * least();
  }

  private Scale up(double top, double bottom) {
    return isOfOneSize()
        ? Scale.Linear.holding(most(), bottom, top, 6)
        : Scale.Log.holding(least(), most(), bottom, top);
  }

  private static void vertical(Svg svg, Scale scale) {
    double free = Double.POSITIVE_INFINITY;
    for (Scale.Tick tick : scale.ticks()) {
      double y = scale.at(tick.value());
      svg.line("grid", LEFT, y, PLOT_RIGHT, y);
      if (!tick.label().isEmpty() && y + 5 < free) {
        svg.text("quiet", LEFT - 6, y + 4, Anchor.END, tick.label());
        free = y - 10;
      }
    }
  }

  private void draw(Svg svg, Series one, Scale horizontal, Scale vertical) {
    boolean connected = across.kind() != Kind.ORDER || one.points().size() == 2;
    if (connected && one.points().size() > 1) {
      String path =
          one.points().stream()
              .map(point ->
                  Svg.number(horizontal.at(point.x())) + " " + Svg.number(vertical.at(point.y())))
              .collect(Collectors.joining("L", "M", ""));
      svg.element("path", "class", "path " + one.style().name(), "d", path);
    }
    if (across.kind() == Kind.SIZES) {
      one.points()
          .forEach(point ->
              one.style().mark(svg, horizontal.at(point.x()), vertical.at(point.y()), 4.5));
    } else if (!connected) {
      for (Point point : one.points()) {
        svg.element(
            "circle",
            "class",
            "band " + one.style().name(),
            "cx",
            horizontal.at(point.x()),
            "cy",
            vertical.at(point.y()),
            "r",
            2.2);
      }
    }
  }

  private static void label(
      Svg svg, Series one, List<String> lines, double top, Scale horizontal, double end) {
    double left = PLOT_RIGHT + 28;
    double middle = top + (lines.size() * LABEL_LINE + 4) / 2;
    double from = horizontal.at(one.points().getLast().x()) + 7;
    String leader = "leader " + one.style().name();
    svg.line(leader, from, end, PLOT_RIGHT + 8, end);
    svg.line(leader, PLOT_RIGHT + 8, end, left - 10, middle);
    one.style().mark(svg, left - 7, middle, 4);
    for (int i = 0; i < lines.size(); i++) {
      svg.text("", left, top + 14 + i * LABEL_LINE, Anchor.START, lines.get(i));
    }
  }

  private String description() {
    return series.stream()
        .map(one ->
            one.label()
                + ": from "
                + Numbers.text(one.points().getFirst().y())
                + " to "
                + Numbers.text(one.points().getLast().y()))
        .collect(Collectors.joining("; ", up + " over " + across.label() + ". ", "."));
  }
}
