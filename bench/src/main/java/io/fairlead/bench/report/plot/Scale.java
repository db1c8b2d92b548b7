package io.fairlead.bench.report.plot;

import java.util.ArrayList;
import java.util.List;

/** Brings values to pixels along an axis. */
sealed interface Scale {

  /** A place of the axis that has a line, and a label unless that is empty. */
  record Tick(double value, String label) {}

  /** The pixel of a value; values outside of the domain are taken for its ends. */
  double at(double value);

  List<Tick> ticks();

  /** From zero; both ends are ticks. */
  record Linear(double high, double lowPixel, double highPixel, double step) implements Scale {

    /** A domain of round numbers that holds {@code most}, with some {@code count} ticks. */
    static Linear holding(double most, double lowPixel, double highPixel, int count) {
      double step = Numbers.roundUp(most <= 0 ? 1.0 / count : most / count);
      double high = step * Math.max(1, Math.ceil(most / step - 1e-9));
      return new Linear(high, lowPixel, highPixel, step);
    }

    @Override
    public double at(double value) {
      return lowPixel + (highPixel - lowPixel) * Math.clamp(value / high, 0, 1);
    }

    @Override
    public List<Tick> ticks() {
      List<Tick> ticks = new ArrayList<>();
      for (int i = 0; i * step <= high * (1 + 1e-9); i++) {
        ticks.add(new Tick(i * step, Numbers.tick(i * step)));
      }
      return ticks;
    }
  }

  /** Logarithmic, from and to a 1, 2 or 5 times a power of ten. */
  record Log(double low, double high, double lowPixel, double highPixel) implements Scale {

    /** A domain that holds both values; zero and less are as good as a thousandth. */
    static Log holding(double least, double most, double lowPixel, double highPixel) {
      double low = Numbers.roundDown(Math.max(least, 1e-3));
      double high = Numbers.roundUp(Math.max(most, 1e-3));
      return new Log(low, high > low ? high : low * 10, lowPixel, highPixel);
    }

    @Override
    public double at(double value) {
      double share = Math.log(Math.max(value, low) / low) / Math.log(high / low);
      return lowPixel + (highPixel - lowPixel) * Math.min(share, 1);
    }

    /** Every 1, 2 and 5 of a power of ten; labels at all of them only over two decades or less. */
    @Override
    public List<Tick> ticks() {
      List<Tick> ticks = new ArrayList<>();
      boolean all = high / low <= 200;
      for (double value = low; value <= high * (1 + 1e-9); value = Numbers.next(value)) {
        boolean power = Numbers.isPowerOfTen(value);
        ticks.add(new Tick(value, all || power ? Numbers.tick(value) : ""));
      }
      return ticks;
    }
  }

  /**
   * Percentiles as HdrHistogram plots them: as much room from 90 to 99 as from 99 to 99.9.
   *
   * @param high less than 100
   */
  record Percentile(double high, double lowPixel, double highPixel) implements Scale {

    @Override
    public double at(double value) {
      double share = nines(Math.clamp(value, 0, high)) / nines(high);
      return lowPixel + (highPixel - lowPixel) * share;
    }

    private static double nines(double percent) {
      return -Math.log10(1 - percent / 100);
    }

    @Override
    public List<Tick> ticks() {
      List<Tick> ticks = new ArrayList<>();
      for (double percent : new double[] {0, 50, 90, 99, 99.9, 99.99}) {
        if (percent <= high) {
          ticks.add(new Tick(percent, Numbers.tick(percent) + " %"));
        }
      }
      return ticks;
    }
  }
}
