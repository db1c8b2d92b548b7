package io.fairlead.bench.scale;

/**
 * A figure that the model yields.
 *
 * @param value NaN if an input is missing
 * @param how it is computed, in words
 */
record Estimate(String what, double value, String unit, String how) {}
