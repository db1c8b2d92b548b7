package io.fairlead.bench.compare;

/**
 * What is beyond noise.
 *
 * @param atLeast the least change of a time or rate that counts, as a part of the old figure
 * @param level how likely at most a comparison may be, all of its cells together, to call any cell
 *     worse or better of which nothing has changed
 */
public record Criteria(double atLeast, double level) {

  public static final Criteria USUAL = new Criteria(0.10, 0.05);

  /**
   * Fewer samples on either side are not tested: with so many on both, complete separation has a
   * probability of 0.00003, which stands out among 1,500 cells.
   */
  public static final int FEWEST_TESTED = 12;

  /** Fewer samples are worse only if all of them are, by more than this part of the old worst. */
  public static final double FEW_AT_LEAST = 0.50;

  public Criteria {
    if (!(atLeast >= 0 && atLeast < 100)) {
      throw new IllegalArgumentException("the least change is from 0 % on, not " + atLeast);
    }
    if (!(level > 0 && level < 1)) {
      throw new IllegalArgumentException(
          "the level is a probability between 0 and 1, not " + level);
    }
  }
}
