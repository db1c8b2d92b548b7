package io.fairlead.bench.scale;

import io.fairlead.bench.result.Cell;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds cells of one name and contender in several sizes, and carries them to a size that was not
 * measured.
 *
 * @param parameters that a cell must have, with these values
 */
record CellQuery(String name, Map<String, String> parameters) {

  /** What is assumed where there is but one size. */
  enum Growth {
    /** As many times as much as there are times as many Services and endpoints. */
    PROPORTIONAL,

    /** The same, whatever the size. */
    CONSTANT
  }

  CellQuery {
    parameters = new TreeMap<>(parameters);
  }

  private record Point(double objects, double value, Cell cell) {}

  private List<Point> points(List<Cell> cells) {
    List<Point> points = new ArrayList<>();
    for (Cell cell : cells) {
      if (cell.name().equals(name)
          && cell.parameters().entrySet().containsAll(parameters.entrySet())) {
        double objects = number(cell, "services", 0) * (1 + number(cell, "endpoints", 1));
        points.add(new Point(objects, cell.percentile(50), cell));
      }
    }
    points.sort((a, b) -> Double.compare(a.objects, b.objects));
    return points;
  }

  private static double number(Cell cell, String key, double otherwise) {
    String text = cell.parameters().get(key);
    return text == null ? otherwise : Double.parseDouble(text);
  }

  /**
   * The medians of the cells, carried to {@code objects}: by the line through them with the least
   * squares, though never less than at the largest size that was measured.
   */
  Input at(double objects, Growth growth, String what, List<Cell> cells) {
    List<Point> points = points(cells);
    if (points.isEmpty()) {
      return new Input(what, null, "", "missing: cell " + name + " " + parameters);
    }
    Point largest = points.getLast();
    String unit = largest.cell.unit();
    String size = sizes(largest);
    if (largest.objects == 0 || points.getFirst().objects == largest.objects) {
      boolean grows = growth == Growth.PROPORTIONAL && largest.objects > 0;
      double value = grows ? largest.value * objects / largest.objects : largest.value;
      String carried = grows ? ", carried in proportion" : "";
      return new Input(what, value, unit, source() + size + carried);
    }
    double value = Math.max(line(points, objects), largest.value);
    return new Input(
        what, value, unit, source() + ", a line through " + points.size() + " sizes up to" + size);
  }

  private String source() {
    return name + " " + String.join(", ", parameters.values());
  }

  private static String sizes(Point point) {
    Map<String, String> parameters = point.cell.parameters();
    String services = parameters.get("services");
    return services == null
        ? ""
        : " " + services + " x " + parameters.getOrDefault("endpoints", "?");
  }

  private static double line(List<Point> points, double at) {
    double x = points.stream().mapToDouble(Point::objects).average().orElseThrow();
    double y = points.stream().mapToDouble(Point::value).average().orElseThrow();
    double covariance = 0;
    double variance = 0;
    for (Point point : points) {
      covariance += (point.objects - x) * (point.value - y);
      variance += (point.objects - x) * (point.objects - x);
    }
    return y + covariance / variance * (at - x);
  }
}
