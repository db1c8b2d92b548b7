package io.fairlead.bench.scale;

import org.jspecify.annotations.Nullable;

/**
 * A number that the model starts from.
 *
 * @param value null if it is missing
 * @param from the cell it comes from, or which cell is missing
 */
record Input(String what, @Nullable Double value, String unit, String from) {

  boolean isMissing() {
    return value == null;
  }

  /** The value, or NaN, which makes all that depends on it NaN. */
  double orNaN() {
    Double known = value;
    return known == null ? Double.NaN : known;
  }
}
