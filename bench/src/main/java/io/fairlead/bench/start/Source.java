package io.fairlead.bench.start;

/** Where an agent reads the cluster's objects from. */
public enum Source {
  /** A watched folder of YAML files. */
  MANIFESTS("manifests"),

  /** An API server over HTTP, on the node itself. */
  API_SERVER("api");

  private final String title;

  Source(String title) {
    this.title = title;
  }

  /**
   * The source with this title.
   *
   * @throws IllegalArgumentException with a sentence if there is none
   */
  static Source named(String title) {
    for (Source source : values()) {
      if (source.title.equals(title)) {
        return source;
      }
    }
    throw new IllegalArgumentException("the source is manifests or api, not \"" + title + '"');
  }

  /** What the command line calls it. */
  public String title() {
    return title;
  }
}
