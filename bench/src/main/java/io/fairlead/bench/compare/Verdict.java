package io.fairlead.bench.compare;

/** What became of a cell. */
public enum Verdict {
  WORSE("worse"),
  BETTER("better"),
  SAME("the same"),
  /** Too few samples for a test, or the cell is not in both results, or twice in one. */
  NOT_COMPARABLE("not comparable");

  private final String title;

  Verdict(String title) {
    this.title = title;
  }

  /** As people read it. */
  public String title() {
    return title;
  }
}
