package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One kind of object under watch. The informer lists, watches, reconnects and lists again when the
 * API server says that its history is gone. It cannot notice a connection that died without a word:
 * so when neither an object nor a bookmark has come for too long, the informer is replaced, and the
 * new one's list tells what was missed.
 */
final class WatchedKind<T extends HasMetadata> {

  private static final Logger LOG = LoggerFactory.getLogger(WatchedKind.class);

  private final String plural;
  private final ProjectingStore<T> store;
  private final Supplier<SharedIndexInformer<T>> informers;
  private final LongSupplier nanoTime;
  private final CompletableFuture<@Nullable Void> synced = new CompletableFuture<>();

  /** Whether the API server granted the last request for the watch. */
  private final AtomicBoolean watched = new AtomicBoolean();

  private @Nullable SharedIndexInformer<T> informer;
  private @Nullable String version;
  private volatile long lastActivity;
  private volatile @Nullable String problem;
  private volatile boolean closed;

  WatchedKind(
      String plural,
      ProjectingStore<T> store,
      Supplier<SharedIndexInformer<T>> informers,
      LongSupplier nanoTime) {
    this.plural = plural;
    this.store = store;
    this.informers = informers;
    this.nanoTime = nanoTime;
    this.lastActivity = nanoTime.getAsLong();
  }

  /** Begins; the future completes when everything that exists has been delivered. */
  synchronized CompletableFuture<@Nullable Void> start() {
    if (!closed) {
      watched.set(false);
      SharedIndexInformer<T> fresh =
          informers
              .get()
              .removeNamespaceIndex()
              .itemStore(store)
              .exceptionHandler((started, failure) -> failed(failure));
      informer = fresh;
      fresh
          .start()
          .whenComplete((done, failure) -> {
            if (failure == null) {
              lastActivity = nanoTime.getAsLong();
              synced.complete(null);
            }
          });
    }
    return synced;
  }

  /** "services", as in paths. */
  String plural() {
    return plural;
  }

  /** Told whether the API server grants a request for the watch. Takes no lock. */
  void answered(boolean granted) {
    watched.set(granted);
  }

  private synchronized void replace(SharedIndexInformer<T> current) {
    lastActivity = nanoTime.getAsLong();
    current.stop();
    var unusedStart = start();
  }

  private boolean failed(Throwable failure) {
    if (closed) {
      return false;
    }
    String sentence = ApiFailure.describe(failure);
    if (!sentence.equals(problem)) {
      problem = sentence;
      LOG.warn("Reading {} from the API server failed and is retried: {}", plural, sentence);
    }
    return true;
  }

  /** When the API server last said anything, on the clock given. */
  long lastActivity() {
    long fromStore = store.lastActivity();
    return fromStore - lastActivity > 0 ? fromStore : lastActivity;
  }

  /** A sentence if the API server cannot be read at present. */
  synchronized @Nullable String problem() {
    SharedIndexInformer<T> current = informer;
    if (current != null && (watched.get() || current.isWatching())) {
      problem = null;
      return null;
    }
    String said = problem;
    return said != null
        ? "Reading " + plural + " fails: " + said
        : "The watch of " + plural + " is not connected";
  }

  /** Replaces the informer if nothing has come for {@code limitNanos}. */
  synchronized void check(long limitNanos) {
    SharedIndexInformer<T> current = informer;
    if (current == null || closed || !synced.isDone()) {
      return;
    }
    // A bookmark changes nothing but this.
    String now = current.lastSyncResourceVersion();
    if (now != null && !now.equals(version)) {
      version = now;
      lastActivity = nanoTime.getAsLong();
    }
    if (nanoTime.getAsLong() - lastActivity() >= limitNanos) {
      LOG.info("Nothing came from the watch of {} for too long; listing again", plural);
      replace(current);
    }
  }

  synchronized void close() {
    closed = true;
    if (informer != null) {
      informer.stop();
    }
  }
}
