package io.fairlead.bench.report;

import io.fairlead.bench.result.Cell;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds the floor of a cell: of the same figure and unit in the same results, whose parameters the
 * cell has, too. Of several it is the one of the most parameters in common, and of these the least.
 */
final class Floors {

  private final Map<String, List<Cell>> floors;

  Floors(List<Cell> cells) {
    floors =
        cells.stream()
            .filter(cell -> Role.of(Labels.contender(cell)) == Role.FLOOR)
            .collect(Collectors.groupingBy(cell -> cell.name() + " " + cell.unit()));
  }

  Optional<Cell> of(Cell cell) {
    if (Role.of(Labels.contender(cell)) == Role.FLOOR) {
      return Optional.empty();
    }
    return floors.getOrDefault(cell.name() + " " + cell.unit(), List.of()).stream()
        .filter(floor -> holds(cell, floor))
        .min(
            Comparator.<Cell>comparingInt(floor -> -floor.parameters().size())
                .thenComparingDouble(floor -> floor.percentile(50)));
  }

  /** The median as a multiple of the floor's, if there is a floor above zero. */
  Optional<Double> distance(Cell cell) {
    return of(cell)
        .filter(floor -> floor.percentile(50) > 0)
        .map(floor -> cell.percentile(50) / floor.percentile(50));
  }

  private static boolean holds(Cell cell, Cell floor) {
    Map<String, String> parameters = new HashMap<>(floor.parameters());
    parameters.remove(Labels.CONTENDER);
    // What ran in the lab kernel is compared with nothing else.
    return cell.parameters().entrySet().containsAll(parameters.entrySet())
        && cell.parameters()
            .getOrDefault(Labels.KERNEL, "")
            .equals(parameters.getOrDefault(Labels.KERNEL, ""));
  }
}
