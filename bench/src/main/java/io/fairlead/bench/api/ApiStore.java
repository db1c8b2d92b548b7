package io.fairlead.bench.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.dataplane.model.ObjectKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What etcd and the watch cache are to an API server: the objects, one counter of versions, and the
 * history of changes since the last compaction. Objects are immutable once stored. Thread-safe.
 */
final class ApiStore {

  /** Not one, as in a cluster that has lived: a client must not count on it. */
  private static final long FIRST_VERSION = 1000;

  private final Map<ApiResource, NavigableMap<ObjectKey, ObjectNode>> objects =
      new EnumMap<>(ApiResource.class);
  private final List<ApiWrite> history = new ArrayList<>();
  private long version = FIRST_VERSION;
  private long compacted = FIRST_VERSION;
  private long wakes;

  ApiStore() {
    for (ApiResource resource : ApiResource.values()) {
      objects.put(resource, new TreeMap<>());
    }
  }

  /** Everything of one kind at one version, in the order of keys. */
  record Snapshot(long version, List<ObjectNode> objects) {}

  synchronized Snapshot snapshot(ApiResource resource) {
    return new Snapshot(version, List.copyOf(of(resource).values()));
  }

  private NavigableMap<ObjectKey, ObjectNode> of(ApiResource resource) {
    NavigableMap<ObjectKey, ObjectNode> found = objects.get(resource);
    if (found == null) {
      throw new IllegalStateException("no map for " + resource);
    }
    return found;
  }

  synchronized long version() {
    return version;
  }

  synchronized @Nullable ObjectNode find(ApiResource resource, ObjectKey key) {
    return of(resource).get(key);
  }

  synchronized ObjectNode get(ApiResource resource, ObjectKey key) throws ApiFailure {
    ObjectNode found = of(resource).get(key);
    if (found == null) {
      throw ApiFailure.notFound(resource, key);
    }
    return found;
  }

  synchronized ApiWrite create(ApiResource resource, JsonNode body) throws ApiFailure {
    ObjectNode object = copy(resource, body);
    ObjectKey key = resource.key(object);
    if (of(resource).containsKey(key)) {
      throw ApiFailure.alreadyExists(resource, key);
    }
    ObjectNode metadata = object.withObject("/metadata");
    metadata.put("uid", UUID.randomUUID().toString());
    metadata.put("creationTimestamp", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    return commit(ApiWrite.Kind.ADDED, resource, key, null, object);
  }

  /** Replaces an object. What equals what is there changes nothing, and gives null. */
  synchronized @Nullable ApiWrite update(ApiResource resource, JsonNode body) throws ApiFailure {
    ObjectNode object = copy(resource, body);
    ObjectKey key = resource.key(object);
    ObjectNode before = get(resource, key);
    ObjectNode metadata = object.withObject("/metadata");
    String expected = metadata.path("resourceVersion").asText("");
    JsonNode was = before.path("metadata");
    if (!expected.isEmpty() && !expected.equals(was.path("resourceVersion").asText())) {
      throw ApiFailure.conflict(resource, key);
    }
    // These are the server's, whatever a client sends.
    for (String field : new String[] {"uid", "creationTimestamp", "resourceVersion"}) {
      metadata.set(field, was.path(field));
    }
    if (object.equals(before)) {
      return null;
    }
    return commit(ApiWrite.Kind.MODIFIED, resource, key, before, object);
  }

  synchronized ApiWrite delete(ApiResource resource, ObjectKey key) throws ApiFailure {
    ObjectNode before = get(resource, key);
    return commit(ApiWrite.Kind.DELETED, resource, key, before, before.deepCopy());
  }

  private static ObjectNode copy(ApiResource resource, JsonNode body) throws ApiFailure {
    if (!(body.deepCopy() instanceof ObjectNode object) || ApiResource.of(object) != resource) {
      throw ApiFailure.badRequest("the body is not a " + resource.kind());
    }
    if (!(object.path("metadata") instanceof ObjectNode metadata)
        || metadata.path("name").asText().isEmpty()) {
      throw ApiFailure.invalid(resource.kind() + " is invalid: metadata.name is required");
    }
    if (resource.isNamespaced()) {
      metadata.put("namespace", resource.key(object).namespace());
    } else {
      metadata.remove("namespace");
    }
    return object;
  }

  private ApiWrite commit(
      ApiWrite.Kind kind,
      ApiResource resource,
      ObjectKey key,
      @Nullable ObjectNode before,
      ObjectNode object) {
    version++;
    object.withObject("/metadata").put("resourceVersion", Long.toString(version));
    switch (kind) {
      case ADDED, MODIFIED -> of(resource).put(key, object);
      case DELETED -> of(resource).remove(key);
    }
    ApiWrite write = new ApiWrite(version, kind, resource, key, before, object, System.nanoTime());
    history.add(write);
    notifyAll();
    return write;
  }

  /** Forgets the history up to now: whoever asks for changes since an older version gets 410. */
  synchronized void compact() {
    history.clear();
    compacted = version;
  }

  /** The version since which changes are known. */
  synchronized long compacted() {
    return compacted;
  }

  /** Wakes all who wait in {@link #changesAfter}. */
  synchronized void wake() {
    wakes++;
    notifyAll();
  }

  /**
   * The changes of every kind after {@code after}, waiting at most {@code milliseconds} for one.
   *
   * @throws ApiFailure 410 if they are known no more
   */
  synchronized List<ApiWrite> changesAfter(long after, long milliseconds)
      throws ApiFailure, InterruptedException {
    requireHistory(after);
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
    long wakesBefore = wakes;
    while (version == after && wakes == wakesBefore && System.nanoTime() < deadline) {
      TimeUnit.NANOSECONDS.timedWait(this, deadline - System.nanoTime());
    }
    requireHistory(after);
    int from = (int) (after - compacted);
    return List.copyOf(history.subList(Math.min(from, history.size()), history.size()));
  }

  synchronized void requireHistory(long after) throws ApiFailure {
    if (after < compacted) {
      throw ApiFailure.tooOld(after, compacted);
    }
    if (after > version) {
      throw ApiFailure.tooLargeVersion(after, version);
    }
  }

  /** The changes since the last compaction. */
  synchronized List<ApiWrite> history() {
    return List.copyOf(history);
  }
}
