package io.fairlead.bench.report.plot;

import io.fairlead.bench.report.plot.Svg.Anchor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A row for each contender: bars from zero up to the median where contenders are of one size, else
 * every sample as a dot on a logarithmic axis. Marked are the median, the 90th percentile (a short
 * line) and the 99th (a long one). The label is above the row, with its figures.
 *
 * @param below a line below the title, or empty
 * @param unit of all samples
 * @param groups at least one, with at least one row
 */
public record RowPlot(String title, String below, String unit, List<Group> groups) implements Plot {

  private static final double SIZE = Stylesheet.SIZE;
  private static final double MARGIN = Frame.MARGIN;
  private static final double RIGHT = Frame.WIDTH - MARGIN;
  private static final double GROUP_HEIGHT = 30;
  private static final double ROW_HEIGHT = 46;
  private static final double MOST_FOR_BARS = 12;
  private static final int MOST_DOTS = 300;
  private static final int FEW = 10;

  /** Rows under a heading, which may be empty. */
  public record Group(String heading, List<Row> rows) {
    public Group {
      rows = List.copyOf(rows);
    }
  }

  /**
   * A contender.
   *
   * @param samples at least one, in any order
   */
  public record Row(String label, Style style, List<Double> samples) {
    public Row {
      samples = samples.stream().sorted().toList();
    }

    double percentile(double percent) {
      int rank = (int) Math.ceil(percent / 100 * samples.size());
      return samples.get(Math.clamp(rank - 1, 0, samples.size() - 1));
    }
  }

  public RowPlot {
    groups = List.copyOf(groups);
  }

  @Override
  public String svg(String id) {
    Svg rows = new Svg();
    double top = Frame.head(rows, title, below);
    boolean bars = isOfOneSize();
    double height = 0;
    for (Group group : groups) {
      height += (group.heading().isEmpty() ? 0 : GROUP_HEIGHT) + group.rows().size() * ROW_HEIGHT;
    }
    double bottom = top + height + 4;
    Scale scale = bars ? linear() : logarithmic();
    Frame.horizontal(rows, scale.ticks(), scale, top, bottom);
    double y = top;
    for (Group group : groups) {
      if (!group.heading().isEmpty()) {
        rows.text("label", MARGIN, y + 20, Anchor.START, fit(group.heading(), 1.12));
        y += GROUP_HEIGHT;
      }
      for (Row row : group.rows()) {
        draw(rows, row, scale, bars, y);
        y += ROW_HEIGHT;
      }
    }
    String axis = unit + (bars ? "" : ", logarithmic");
    rows.text("quiet", Frame.WIDTH / 2, bottom + 38, Anchor.MIDDLE, axis);
    return Frame.image(rows, id, bottom + 46, title, description());
  }

  private static String fit(String text, double weight) {
    return TextWidth.shorten(text, SIZE * weight, RIGHT - MARGIN);
  }

  private boolean isOfOneSize() {
    double[] medians = all().stream().mapToDouble(row -> row.percentile(50)).toArray();
    double[] tails = all().stream().mapToDouble(row -> row.percentile(99)).toArray();
    double least = Arrays.stream(medians).min().orElseThrow();
    double most = Arrays.stream(tails).max().orElseThrow();
    return least <= 0 || most <= MOST_FOR_BARS * least;
  }

  private List<Row> all() {
    return groups.stream().flatMap(group -> group.rows().stream()).toList();
  }

  private Scale linear() {
    double most = all().stream().mapToDouble(row -> row.percentile(99)).max().orElseThrow();
    return Scale.Linear.holding(most, MARGIN, RIGHT, 6);
  }

  private Scale logarithmic() {
    double least = all().stream().mapToDouble(row -> row.percentile(0)).min().orElseThrow();
    double most = all().stream().mapToDouble(row -> row.percentile(100)).max().orElseThrow();
    return Scale.Log.holding(least, most, MARGIN, RIGHT);
  }

  private void draw(Svg svg, Row row, Scale scale, boolean bars, double y) {
    String figures = figures(row);
    double room = RIGHT - MARGIN - TextWidth.of(figures, SIZE) - 12;
    svg.text("", MARGIN, y + 15, Anchor.START, TextWidth.shorten(row.label(), SIZE, room));
    svg.text("quiet", RIGHT, y + 15, Anchor.END, figures);
    double middle = y + 31;
    String name = row.style().name();
    double median = scale.at(row.percentile(50));
    if (bars) {
      double width = Math.max(median - MARGIN, 1);
      svg.element(
          "rect",
          "class",
          "bar " + name,
          "x",
          MARGIN,
          "y",
          middle - 8,
          "width",
          width,
          "height",
          16);
    } else {
      dots(svg, row, scale, middle);
    }
    if (row.samples().size() > 1) {
      String whisker = "whisker " + name;
      double short90 = scale.at(row.percentile(90));
      double long99 = scale.at(row.percentile(99));
      svg.line(whisker, median, middle, long99, middle);
      svg.line(whisker, short90, middle - 4, short90, middle + 4);
      svg.line(whisker, long99, middle - 8, long99, middle + 8);
    }
    row.style().mark(svg, median, middle, 5);
  }

  /** The samples, thinned evenly if they are many, but with both ends. */
  private static void dots(Svg svg, Row row, Scale scale, double middle) {
    int size = row.samples().size();
    int count = Math.min(size, MOST_DOTS);
    for (int i = 0; i < count; i++) {
      int index = count == 1 ? 0 : (int) ((long) i * (size - 1) / (count - 1));
      // The golden ratio scatters neighbours, the same way every time.
      double offset = (i * 0.618034 % 1 - 0.5) * 14;
      svg.element(
          "circle",
          "class",
          "dot " + row.style().name(),
          "cx",
          scale.at(row.samples().get(index)),
          "cy",
          middle + offset,
          "r",
          2);
    }
  }

  /** Of few samples the highest, since they have no percentiles worth the name. */
  private String figures(Row row) {
    int count = row.samples().size();
    StringBuilder text = new StringBuilder();
    if (count > 1) {
      text.append("p50 ");
    }
    text.append(Numbers.text(row.percentile(50)));
    if (count >= FEW) {
      text.append(" · p90 ").append(Numbers.text(row.percentile(90)));
      text.append(" · p99 ").append(Numbers.text(row.percentile(99)));
    } else if (count > 1) {
      text.append(" · max ").append(Numbers.text(row.percentile(100)));
    }
    text.append(' ').append(unit);
    return count > 1 ? text + " · n " + count : text.toString();
  }

  private String description() {
    List<String> parts = new ArrayList<>();
    for (Group group : groups) {
      for (Row row : group.rows()) {
        String heading = group.heading().isEmpty() ? "" : group.heading() + ", ";
        parts.add(heading + row.label() + ": " + figures(row));
      }
    }
    return String.join("; ", parts) + ".";
  }
}
