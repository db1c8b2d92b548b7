package io.fairlead.agent.source;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The objects that a source leaves out; each new reason is logged once. Thread-safe. */
public final class SkippedObjects {

  private static final Logger LOG = LoggerFactory.getLogger(SkippedObjects.class);

  /** More reasons than this about one object say nothing new. */
  private static final int REASONS = 8;

  private record Id(String kind, String name) {}

  private final Map<Id, String> reasons = new ConcurrentHashMap<>();

  /** Replaces what is known about an object; an empty list means that nothing is wrong with it. */
  public void update(String kind, String name, List<String> sentences) {
    Id id = new Id(kind, name);
    if (sentences.isEmpty()) {
      reasons.remove(id);
      return;
    }
    String reason = String.join("; ", sentences.subList(0, Math.min(sentences.size(), REASONS)));
    if (sentences.size() > REASONS) {
      reason += "; and " + (sentences.size() - REASONS) + " more";
    }
    if (!reason.equals(reasons.put(id, reason))) {
      LOG.warn("{} {} is left out, wholly or in part: {}", kind, name, reason);
    }
  }

  public int size() {
    return reasons.size();
  }

  /** Ordered by kind and name. */
  public List<SkippedObject> list() {
    return reasons.entrySet().stream()
        .map(e -> new SkippedObject(e.getKey().kind(), e.getKey().name(), e.getValue()))
        .sorted()
        .toList();
  }
}
