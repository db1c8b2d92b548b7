package io.fairlead.bench.report;

/** What a contender is for. In the order of the report. */
enum Role {
  OURS,
  RIVAL,
  FLOOR;

  static Role of(String contender) {
    if (contender.startsWith("floor: ")) {
      return FLOOR;
    }
    return contender.startsWith("fairlead") ? OURS : RIVAL;
  }
}
