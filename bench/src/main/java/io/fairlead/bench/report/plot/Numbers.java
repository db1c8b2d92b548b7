package io.fairlead.bench.report.plot;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Locale;

/** Round numbers, and numbers as text. */
public final class Numbers {

  private static final double NEARLY = 1e-9;
  private static final double MILLION = 1e6;

  private Numbers() {}

  /** Three digits, with commas between thousands: 0.0123, 1.23, 12.3, 1,234. */
  public static String text(double value) {
    if (Math.abs(value) >= 1000) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }

  /** A round number of an axis: 0.05, 20, 1,000, 5M. */
  static String tick(double value) {
    if (value >= MILLION) {
      return tick(value / MILLION) + "M";
    }
    BigDecimal round = new BigDecimal(value).round(new MathContext(6)).stripTrailingZeros();
    return value >= 1000 ? String.format(Locale.ROOT, "%,.0f", value) : round.toPlainString();
  }

  /** The least of 1, 2, 5 times a power of ten that is not below the value, which is positive. */
  static double roundUp(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(value) + NEARLY));
    for (int factor : new int[] {1, 2, 5}) {
      if (value <= factor * power * (1 + NEARLY)) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  /** The greatest of 1, 2, 5 times a power of ten that is not above the value. */
  static double roundDown(double value) {
    double up = roundUp(value);
    return up <= value * (1 + NEARLY) ? up : previous(up);
  }

  private static double previous(double round) {
    return firstDigit(round) == 5 ? round / 2.5 : round / 2;
  }

  /** What follows 1, 2 or 5 times a power of ten. */
  static double next(double round) {
    return firstDigit(round) == 2 ? round * 2.5 : round * 2;
  }

  static boolean isPowerOfTen(double round) {
    return firstDigit(round) == 1;
  }

  private static int firstDigit(double round) {
    double log = Math.log10(round);
    return (int) Math.round(Math.pow(10, log - Math.floor(log + NEARLY)));
  }
}
