package io.fairlead.bench.rules;

import java.util.ArrayList;
import java.util.List;

/** What was opened one after the other, and is closed in the other order. Not thread-safe. */
final class Resources implements AutoCloseable {

  private final List<AutoCloseable> open = new ArrayList<>();

  /** Closes {@code resource} with the others. */
  <T extends AutoCloseable> T add(T resource) {
    open.add(resource);
    return resource;
  }

  @Override
  public void close() {
    for (AutoCloseable each : open.reversed()) {
      try {
        each.close();
      } catch (Exception e) {
        throw new IllegalStateException("what was opened for a benchmark does not close", e);
      }
    }
    open.clear();
  }
}
