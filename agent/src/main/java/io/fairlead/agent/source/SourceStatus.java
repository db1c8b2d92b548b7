package io.fairlead.agent.source;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a source is doing.
 *
 * @param origin what it reads: an API server's URL or a folder
 * @param synced whether everything that existed at the start has been delivered
 * @param problem a sentence if it cannot read at present; what was delivered stays valid
 * @param millisecondsSinceActivity since it last heard anything from its origin; of several
 *     watches, the one that has been silent for longest
 * @param watches one for each kind of object; none where kinds are not watched apart
 */
public record SourceStatus(
    String origin,
    boolean synced,
    @Nullable String problem,
    long millisecondsSinceActivity,
    List<Watch> watches) {

  /**
   * What is heard of one kind of object.
   *
   * @param kind in the plural, as the API spells it
   * @param millisecondsSinceActivity since anything was heard of it
   * @param problem a sentence if it cannot be read at present
   */
  public record Watch(String kind, long millisecondsSinceActivity, @Nullable String problem) {}

  public SourceStatus {
    watches = List.copyOf(watches);
  }

  /** A source that does not watch kinds apart. */
  public SourceStatus(
      String origin, boolean synced, @Nullable String problem, long millisecondsSinceActivity) {
    this(origin, synced, problem, millisecondsSinceActivity, List.of());
  }
}
