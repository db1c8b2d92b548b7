package io.fairlead.bench.compare;

import org.jspecify.annotations.Nullable;

/**
 * A cell of two results.
 *
 * @param before null if the old result lacks the cell
 * @param after null if the new one does
 * @param change of the figure, as a part of the old one: 0.1 is a tenth more; infinite if the old
 *     one is 0; null if it cannot be told
 * @param probability that chance alone makes such a difference, corrected for the number of cells
 *     that were tested; null if the cell was not tested
 * @param reason for the verdict, for people
 */
public record ComparedCell(
    CellKey key,
    Verdict verdict,
    @Nullable Side before,
    @Nullable Side after,
    @Nullable Double change,
    @Nullable Double probability,
    String reason) {

  /**
   * One result's part.
   *
   * @param count of samples
   * @param figure that is compared: the median, or of counts that are exact the mean
   */
  public record Side(int count, double figure) {}
}
