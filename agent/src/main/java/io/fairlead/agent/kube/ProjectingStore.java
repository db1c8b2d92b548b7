package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.fairlead.dataplane.model.ObjectChange;
import io.fairlead.dataplane.model.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * An informer's store that projects each object the moment it arrives and keeps only its key and
 * resource version. That is all that an informer needs to find, after a relist, the objects whose
 * deletion it did not see: it asks for what the store holds and removes the rest, and every removal
 * becomes a change here.
 *
 * <p>Where the informer expects an object back, it gets an empty one with the metadata that
 * matters. Thread-safe; the informer calls it from one thread at a time.
 */
final class ProjectingStore<T extends HasMetadata> implements ItemStore<T> {

  private final Supplier<T> empty;
  private final Function<T, Projected> projection;
  private final Function<ObjectKey, ObjectChange> gone;
  private final Consumer<ObjectChange> sink;
  private final BiConsumer<String, Projected> judge;
  private final LongSupplier nanoTime;
  private final Map<String, String> versions = new ConcurrentHashMap<>();
  private volatile long lastActivity;

  /**
   * @param gone the change that says that an object is gone
   * @param judge told what each object is and what is wrong with it by its name, also if nothing is
   */
  ProjectingStore(
      Supplier<T> empty,
      Function<T, Projected> projection,
      Function<ObjectKey, ObjectChange> gone,
      Consumer<ObjectChange> sink,
      BiConsumer<String, Projected> judge,
      LongSupplier nanoTime) {
    this.empty = empty;
    this.projection = projection;
    this.gone = gone;
    this.sink = sink;
    this.judge = judge;
    this.nanoTime = nanoTime;
    this.lastActivity = nanoTime.getAsLong();
  }

  /** When the API server last told of an object, on the clock given. */
  long lastActivity() {
    return lastActivity;
  }

  @Override
  public String getKey(T object) {
    return Cache.metaNamespaceKeyFunc(object);
  }

  @Override
  public @Nullable T put(String key, T object) {
    lastActivity = nanoTime.getAsLong();
    String version = object.getMetadata().getResourceVersion();
    String now = version == null ? "" : version;
    String before = versions.put(key, now);
    // A relist delivers everything again; what has the same version has not changed.
    if (before == null || now.isEmpty() || !before.equals(now)) {
      deliver(key, project(key, object));
    }
    return before == null ? null : standIn(key, before);
  }

  @Override
  public @Nullable T remove(String key) {
    lastActivity = nanoTime.getAsLong();
    String before = versions.remove(key);
    if (before == null) {
      return null;
    }
    deliver(key, new Projected(gone.apply(parse(key)), List.of()));
    return standIn(key, before);
  }

  /** Never throws: an object that defies every expectation is one that is left out. */
  private Projected project(String key, T object) {
    try {
      return projection.apply(object);
    } catch (RuntimeException e) {
      return new Projected(gone.apply(parse(key)), List.of("it cannot be read: " + e));
    }
  }

  private void deliver(String key, Projected projected) {
    judge.accept(key, projected);
    sink.accept(projected.change());
  }

  @Override
  public Stream<String> keySet() {
    return versions.keySet().stream();
  }

  @Override
  public Stream<T> values() {
    return versions.entrySet().stream().map(e -> standIn(e.getKey(), e.getValue()));
  }

  @Override
  public int size() {
    return versions.size();
  }

  @Override
  public @Nullable T get(String key) {
    String version = versions.get(key);
    return version == null ? null : standIn(key, version);
  }

  @Override
  public boolean isFullState() {
    return false;
  }

  private T standIn(String key, String version) {
    ObjectKey parsed = parse(key);
    T object = empty.get();
    object.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(parsed.namespace().isEmpty() ? null : parsed.namespace())
            .withName(parsed.name())
            .withResourceVersion(version)
            .build());
    return object;
  }

  private static ObjectKey parse(String key) {
    int slash = key.indexOf('/');
    return slash < 0
        ? ObjectKey.cluster(key)
        : new ObjectKey(key.substring(0, slash), key.substring(slash + 1));
  }
}
