package io.fairlead.bench.report;

import io.fairlead.bench.report.plot.Plot;
import io.fairlead.bench.result.Cell;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A topic with what was measured of it.
 *
 * @param plots by their identifiers, which are unique in a report
 */
record Section(Topic topic, Map<String, Plot> plots, List<Table> tables) {

  /** Sections for all cells, none of which is left out; topics without cells have none. */
  static List<Section> of(List<Cell> cells) {
    Floors floors = new Floors(cells);
    Map<Topic, List<Cell>> topics =
        cells.stream()
            .collect(
                Collectors.groupingBy(
                    cell -> Topic.of(cell.name()), LinkedHashMap::new, Collectors.toList()));
    List<Section> sections = new ArrayList<>();
    List<Topic> order = new ArrayList<>(Topic.ALL);
    order.add(Topic.OTHER);
    for (Topic topic : order) {
      List<Cell> own = topics.get(topic);
      if (own != null) {
        sections.add(of(topic, own, floors));
      }
    }
    return sections;
  }

  private static Section of(Topic topic, List<Cell> cells, Floors floors) {
    Map<String, Plot> plots = new LinkedHashMap<>();
    List<Table> tables = new ArrayList<>();
    int position = 0;
    for (List<Cell> figure : figures(topic, cells)) {
      String id = id(topic, figure, position);
      Figures rows = new Figures(figure);
      plots.put(id, rows.headline());
      Series.overSizes(figure).ifPresent(plot -> plots.put(id + "-by-size", plot));
      rows.others().ifPresent(plot -> plots.put(id + "-others", plot));
      if (position == 0 && (topic.id().equals("rules") || topic.id().equals("policy"))) {
        List<Cell> headline = rows.headlineCells();
        List<Cell> steady = steady(figure, headline);
        Series.overPercentiles(steady).ifPresent(plot -> plots.put(id + "-by-percentile", plot));
        Series.overTime(headline).ifPresent(plot -> plots.put(id + "-over-time", plot));
      }
      tables.add(Table.of(figure, floors));
      position++;
    }
    return new Section(topic, plots, tables);
  }

  /** Cells of each name and unit, in the topic's order. */
  private static Collection<List<Cell>> figures(Topic topic, List<Cell> cells) {
    List<Cell> sorted = new ArrayList<>(cells);
    sorted.sort(Comparator.comparingInt(cell -> topic.rank(cell.name())));
    return sorted.stream()
        .collect(
            Collectors.groupingBy(
                cell -> cell.name() + " " + cell.unit(), LinkedHashMap::new, Collectors.toList()))
        .values();
  }

  private static String id(Topic topic, List<Cell> figure, int position) {
    String name = figure.getFirst().name().replaceAll("[^a-zA-Z0-9-]+", "-");
    return topic.id() + "-" + (position + 1) + "-" + name;
  }

  /** The cells of a steady load, in the place of others of most contenders, else the headline. */
  private static List<Cell> steady(List<Cell> figure, List<Cell> headline) {
    List<Cell> steady =
        figure.stream()
            .filter(cell -> cell.parameters().getOrDefault("change", "").startsWith("steady"))
            .toList();
    return steady.isEmpty() ? headline : new Figures(steady).headlineCells();
  }
}
