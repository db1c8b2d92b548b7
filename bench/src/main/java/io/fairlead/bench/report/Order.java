package io.fairlead.bench.report;

import io.fairlead.bench.result.Cell;
import java.util.Comparator;

/** The order of contenders: ours, rivals, floors; among these the fastest first. */
final class Order {

  static final Comparator<Cell> CONTENDERS =
      Comparator.<Cell, Role>comparing(cell -> Role.of(Labels.contender(cell)))
          .thenComparingDouble(cell -> cell.percentile(50))
          .thenComparing(Labels::contender);

  private Order() {}
}
