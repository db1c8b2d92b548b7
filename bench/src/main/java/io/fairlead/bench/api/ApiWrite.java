package io.fairlead.bench.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.dataplane.model.ObjectKey;
import org.jspecify.annotations.Nullable;

/**
 * One change to the store. Objects are shared: never change them.
 *
 * @param version the resource version it made; versions count up by one
 * @param before what was there; null when the object is new
 * @param object what is there now or, for a deletion, what went, with the version of its going
 * @param nanoTime of {@link System#nanoTime} when the change was made
 */
public record ApiWrite(
    long version,
    Kind kind,
    ApiResource resource,
    ObjectKey key,
    @Nullable ObjectNode before,
    ObjectNode object,
    long nanoTime) {

  /** The words of a watch event's type. */
  public enum Kind {
    ADDED,
    MODIFIED,
    DELETED
  }
}
