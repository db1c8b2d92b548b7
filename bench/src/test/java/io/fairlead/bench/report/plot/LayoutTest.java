package io.fairlead.bench.report.plot;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.bench.report.plot.LinePlot.Across;
import io.fairlead.bench.report.plot.LinePlot.Kind;
import io.fairlead.bench.report.plot.LinePlot.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Whatever is plotted: texts do not touch each other, and nothing leaves the image. */
class LayoutTest {

  private static final int PLOTS = 150;
  private static final Style STYLE = new Style("style", "#000000", "#ffffff", Style.Marker.DIAMOND);
  private static final List<String> NAMES =
      List.of(
          "fairlead nftables",
          "kube-proxy's rules, iptables-legacy",
          "floor: <one> element & more",
          "reference bridge, with ipMasq, portmap chained, and 6,000 rules of others in table nat",
          "x");

  private final long seed = Long.getLong("fairlead.seed", System.nanoTime());
  private final SplittableRandom random = new SplittableRandom(seed);

  @Test
  void rows() throws Exception {
    for (int i = 0; i < PLOTS; i++) {
      List<RowPlot.Group> groups = new ArrayList<>();
      for (int group = random.nextInt(1, 4); group > 0; group--) {
        List<RowPlot.Row> rows = new ArrayList<>();
        for (int row = random.nextInt(1, 6); row > 0; row--) {
          rows.add(new RowPlot.Row(name(), STYLE, samples()));
        }
        groups.add(new RowPlot.Group(random.nextBoolean() ? "" : name() + ", " + name(), rows));
      }
      check(new RowPlot(title(), random.nextBoolean() ? "" : title(), "Gbit/s", groups));
    }
  }

  @Test
  void lines() throws Exception {
    for (int i = 0; i < PLOTS; i++) {
      Kind kind = List.of(Kind.values()).get(random.nextInt(Kind.values().length));
      List<LinePlot.Series> series = new ArrayList<>();
      for (int one = random.nextInt(1, 20); one > 0; one--) {
        List<Point> points = new ArrayList<>();
        double x = kind == Kind.PERCENTILES ? 0 : 1;
        for (double y : samples()) {
          points.add(new Point(x, y));
          x = kind == Kind.PERCENTILES ? x + (100 - x) / 2 : x * random.nextDouble(1.5, 12);
        }
        series.add(
            new LinePlot.Series(name(), STYLE, points.subList(0, Math.min(8, points.size()))));
      }
      check(new LinePlot(title(), title(), new Across(kind, name()), "p50, ms", series));
    }
  }

  private List<Double> samples() {
    List<Double> samples = new ArrayList<>();
    double size = Math.pow(10, random.nextDouble(-3, 6));
    for (int i = random.nextInt(1, 40); i > 0; i--) {
      samples.add(random.nextInt(50) == 0 ? 0 : size * random.nextDouble(0.5, 20));
    }
    return samples;
  }

  private String name() {
    return NAMES.get(random.nextInt(NAMES.size()));
  }

  private String title() {
    return "What it shows: " + name() + ", " + name();
  }

  private void check(Plot plot) throws Exception {
    String svg = plot.svg("plot");
    Element image = PlacedText.parse(svg);
    String[] box = image.getAttribute("viewBox").split(" ", -1);
    double width = Double.parseDouble(box[2]);
    double height = Double.parseDouble(box[3]);
    String place = "-Dfairlead.seed=" + seed;
    List<PlacedText> texts = PlacedText.of(image);
    assertThat(texts).as(place).hasSizeGreaterThan(3);
    for (int i = 0; i < texts.size(); i++) {
      PlacedText text = texts.get(i);
      assertThat(text.left() >= 0 && text.right() <= width && text.bottom() <= height)
          .as("%s is within the image; %s", text, place)
          .isTrue();
      for (PlacedText other : texts.subList(i + 1, texts.size())) {
        assertThat(text.overlaps(other)).as("%s and %s; %s", text, other, place).isFalse();
      }
    }
    for (String kind : List.of("circle", "line", "rect")) {
      NodeList elements = image.getElementsByTagName(kind);
      for (int i = 0; i < elements.getLength(); i++) {
        Element element = (Element) elements.item(i);
        for (String name : List.of("cx", "x", "x1", "x2")) {
          within(element, name, width, place);
        }
        for (String name : List.of("cy", "y", "y1", "y2")) {
          within(element, name, height, place);
        }
      }
    }
    assertThat(image.getElementsByTagName("title").item(0).getTextContent())
        .isEqualTo(plot.title());
    assertThat(image.getElementsByTagName("desc").item(0).getTextContent()).isNotBlank();
  }

  private static void within(Element element, String name, double most, String place) {
    String value = element.getAttribute(name);
    if (!value.isEmpty()) {
      assertThat(Double.parseDouble(value)).as(name + "; " + place).isBetween(0.0, most);
    }
  }
}
