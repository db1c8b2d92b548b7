package io.fairlead.agent.source;

import io.fairlead.dataplane.model.ObjectChange;
import java.util.List;
import java.util.function.Consumer;

/**
 * Where the objects of a cluster come from. Thread-safe.
 *
 * <p>The sink receives every object that exists, then {@link ObjectChange.Synced} once, then every
 * change for as long as the source is open. Objects that cannot be used never reach it: they are
 * listed by {@link #skipped}. Nothing that a source meets later, such as an API server that is
 * away, ends it.
 */
public interface ClusterSource extends AutoCloseable {

  /**
   * Begins to deliver, and returns without waiting.
   *
   * @param sink called from the source's own threads; must not block
   * @throws SourceException if the source cannot be used at all
   */
  void start(Consumer<ObjectChange> sink) throws SourceException;

  /** The objects that are left out, wholly or in part, ordered by kind and name. */
  List<SkippedObject> skipped();

  SourceStatus status();

  /**
   * Whether the source has all pods that it will ever have, so that one that it does not know has
   * no labels. True of a folder of manifests, false of an API server, whose word of a new pod may
   * come after the pod itself.
   */
  boolean hasAllPods();

  /**
   * Makes the node's own Node object tell the other nodes of its end of the tunnel, in the place of
   * what was given before. Returns at once; a source that can write keeps trying until it is so,
   * and again when it is undone.
   */
  void publishVtep(VtepAnnouncement announcement);

  /**
   * Tells whoever looks at an object what is wrong with it: a source that can write makes an Event
   * of it, once of equal reports and not too many. Returns at once. It is for what the log or the
   * status says already.
   *
   * @param reason one word in camel case
   * @param sentence what is wrong, and the mend
   */
  void report(ObjectReference object, String reason, String sentence);

  /** Stops delivering. */
  @Override
  void close();
}
