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
import java.util.regex.Pattern;
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

  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,17}");

  private final Supplier<T> empty;
  private final Function<T, Projected> projection;
  private final Function<ObjectKey, ObjectChange> gone;
  private final Consumer<ObjectChange> sink;
  private final BiConsumer<String, Projected> judge;
  private final LongSupplier nanoTime;

  /** Of each object its version, as {@link #compact} writes it. */
  private final Map<ObjectKey, Object> versions = new ConcurrentHashMap<>();

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
    ObjectKey id = Fields.key(object);
    Object now = compact(object.getMetadata().getResourceVersion());
    Object before = versions.put(id, now);
    // A relist delivers everything again; what has the same version has not changed.
    if (!now.equals(before) || now.equals("")) {
      deliver(key, project(id, object), now);
    }
    return before == null ? null : standIn(id, before);
  }

  @Override
  public @Nullable T remove(String key) {
    lastActivity = nanoTime.getAsLong();
    ObjectKey id = parse(key);
    Object before = versions.remove(id);
    if (before == null) {
      return null;
    }
    deliver(key, new Projected(gone.apply(id), List.of()), before);
    return standIn(id, before);
  }

  /** Never throws: an object that defies every expectation is one that is left out. */
  private Projected project(ObjectKey key, T object) {
    try {
      return projection.apply(object);
    } catch (RuntimeException e) {
      return new Projected(gone.apply(key), List.of("it cannot be read: " + e));
    }
  }

  private void deliver(String key, Projected projected, Object version) {
    judge.accept(key, projected);
    sink.accept(projected.change().at(version.toString()));
  }

  @Override
  public Stream<String> keySet() {
    return versions.keySet().stream().map(ObjectKey::toString);
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
    ObjectKey id = parse(key);
    Object version = versions.get(id);
    return version == null ? null : standIn(id, version);
  }

  @Override
  public boolean isFullState() {
    return false;
  }

  /**
   * A number where the text is one, for less memory: that of a Long against that of a String. Texts
   * that are no plain numbers stay what they are; the absent version is the empty text.
   */
  private static Object compact(@Nullable String version) {
    if (version == null) {
      return "";
    }
    return NUMBER.matcher(version).matches() ? (Object) Long.valueOf(version) : version;
  }

  private T standIn(ObjectKey key, Object version) {
    T object = empty.get();
    object.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(key.namespace().isEmpty() ? null : key.namespace())
            .withName(key.name())
            .withResourceVersion(version.toString())
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
