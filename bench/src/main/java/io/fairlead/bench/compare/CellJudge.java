package io.fairlead.bench.compare;

import io.fairlead.bench.compare.ComparedCell.Side;
import io.fairlead.bench.result.Cell;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Says what became of one cell. */
final class CellJudge {

  private final Criteria criteria;
  private final CellKey key;
  private final List<Cell> before;
  private final List<Cell> after;

  /**
   * @param before the old result's cells of this key, usually one
   */
  CellJudge(Criteria criteria, CellKey key, List<Cell> before, List<Cell> after) {
    this.criteria = criteria;
    this.key = key;
    this.before = before;
    this.after = after;
  }

  /** Whether the cell has noise, and samples enough to tell it from a change. */
  static boolean isTested(CellKey key, List<Cell> before, List<Cell> after) {
    return before.size() == 1
        && after.size() == 1
        && Counts.tolerated(key.unit()) == null
        && before.getFirst().count() >= Criteria.FEWEST_TESTED
        && after.getFirst().count() >= Criteria.FEWEST_TESTED;
  }

  static double[] samples(Cell cell) {
    return cell.samples().stream().mapToDouble(Double::doubleValue).toArray();
  }

  /**
   * @param probability corrected, if the cell was tested
   */
  ComparedCell judge(@Nullable Double probability) {
    if (before.isEmpty()) {
      return notComparable("new: the old result lacks it");
    }
    if (after.isEmpty()) {
      return notComparable("gone: the new result lacks it");
    }
    if (before.size() > 1 || after.size() > 1) {
      return notComparable(
          "there is more than one in the " + (before.size() > 1 ? "old" : "new") + " result");
    }
    double[] old = samples(before.getFirst());
    double[] current = samples(after.getFirst());
    Double tolerated = Counts.tolerated(key.unit());
    if (tolerated != null) {
      return counted(old, current, tolerated);
    }
    return probability == null ? few(old, current) : tested(old, current, probability);
  }

  private ComparedCell notComparable(String reason) {
    return new ComparedCell(
        key, Verdict.NOT_COMPARABLE, side(before), side(after), null, null, reason);
  }

  private @Nullable Side side(List<Cell> cells) {
    if (cells.isEmpty()) {
      return null;
    }
    double[] samples = samples(cells.getFirst());
    return new Side(samples.length, figure(samples));
  }

  /** The mean of exact counts, so that one that is larger shows; else the median. */
  private double figure(double[] samples) {
    Double tolerated = Counts.tolerated(key.unit());
    return tolerated != null && tolerated == 0
        ? Arrays.stream(samples).sum() / samples.length
        : Shift.median(samples.clone());
  }

  private ComparedCell counted(double[] old, double[] current, double tolerated) {
    double from = figure(old);
    double to = figure(current);
    double rounding = 1e-9 * Math.abs(from);
    double least = Counts.least(from, tolerated) + rounding;
    Verdict verdict =
        to - from > least ? Verdict.WORSE : from - to > least ? Verdict.BETTER : Verdict.SAME;
    String reason =
        tolerated == 0
            ? "a count"
            : String.format(Locale.ROOT, "a count, within %.0f %%", 100 * tolerated);
    return compared(verdict, old, current, relative(to - from, from), null, reason);
  }

  private ComparedCell tested(double[] old, double[] current, double probability) {
    double change = relative(Shift.between(old, current), Shift.median(old.clone()));
    boolean isReal = probability <= criteria.level();
    if (!isReal) {
      return compared(Verdict.SAME, old, current, change, probability, "may be noise");
    }
    if (Math.abs(change) < criteria.atLeast()) {
      return compared(Verdict.SAME, old, current, change, probability, "real, but small");
    }
    Verdict verdict = change > 0 == isMoreBetter() ? Verdict.BETTER : Verdict.WORSE;
    return compared(verdict, old, current, change, probability, "");
  }

  /** Without a test: only what cannot be overlooked. */
  private ComparedCell few(double[] old, double[] current) {
    double from = Shift.median(old.clone());
    double change = relative(Shift.median(current.clone()) - from, from);
    double[] worse = isMoreBetter() ? old : current;
    double[] better = isMoreBetter() ? current : old;
    Verdict verdict = Verdict.NOT_COMPARABLE;
    if (isFarAbove(worse, better)) {
      verdict = Verdict.WORSE;
    } else if (isFarAbove(better, worse)) {
      verdict = Verdict.BETTER;
    }
    return compared(verdict, old, current, change, null, "too few samples for a test");
  }

  /** Whether the least of {@code above} is well beyond the most of {@code below}. */
  private static boolean isFarAbove(double[] above, double[] below) {
    double most = Arrays.stream(below).max().orElseThrow();
    return Arrays.stream(above).min().orElseThrow() > most * (1 + Criteria.FEW_AT_LEAST);
  }

  private ComparedCell compared(
      Verdict verdict,
      double[] old,
      double[] current,
      double change,
      @Nullable Double probability,
      String reason) {
    return new ComparedCell(
        key,
        verdict,
        new Side(old.length, figure(old)),
        new Side(current.length, figure(current)),
        change,
        probability,
        reason);
  }

  private static double relative(double difference, double from) {
    return difference == 0 ? 0 : difference / Math.abs(from);
  }

  /** Rates are better if higher; times, sizes and counts if lower. */
  private boolean isMoreBetter() {
    return key.unit().endsWith("/s");
  }
}
