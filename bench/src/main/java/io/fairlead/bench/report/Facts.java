package io.fairlead.bench.report;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An environment, sorted: what holds for the whole run, and what for one measurement, whose facts
 * are named "MEASUREMENT: FACT".
 *
 * @param measurements facts by measurement
 */
record Facts(Map<String, String> whole, Map<String, Map<String, String>> measurements) {

  /** The fact of a measurement that says why it failed. */
  static final String FAILED = "failed";

  static Facts of(Map<String, String> environment) {
    Map<String, String> whole = new LinkedHashMap<>();
    Map<String, Map<String, String>> measurements = new LinkedHashMap<>();
    environment.forEach((key, value) -> {
      int colon = key.indexOf(": ");
      if (colon < 0) {
        whole.put(key, value);
      } else {
        measurements
            .computeIfAbsent(key.substring(0, colon), _ -> new LinkedHashMap<>())
            .put(key.substring(colon + 2), value);
      }
    });
    return new Facts(whole, measurements);
  }

  /** Why measurements are missing, by their names. */
  Map<String, String> failures() {
    Map<String, String> failures = new LinkedHashMap<>();
    measurements.forEach((name, facts) -> {
      String reason = facts.get(FAILED);
      if (reason != null) {
        failures.put(name, reason);
      }
    });
    return failures;
  }
}
