package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.net.HttpURLConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One kind of object under watch. The informer lists, watches, reconnects and lists again when an
 * event of the API server says that its history is gone. Two things it cannot notice: a connection
 * that died without a word, and a watch that is to go on and is refused with status 410. So when
 * neither an object nor a bookmark has come for too long, or at such a status, the informer is
 * replaced, and the new one's list tells what was missed.
 */
final class WatchedKind<T extends HasMetadata> {

  private static final int SWITCHING_PROTOCOLS = 101;

  private static final Logger LOG = LoggerFactory.getLogger(WatchedKind.class);

  private final String plural;
  private final ProjectingStore<T> store;
  private final Supplier<SharedIndexInformer<T>> informers;
  private final LongSupplier nanoTime;
  private final CompletableFuture<@Nullable Void> synced = new CompletableFuture<>();

  /** Whether the API server has let the present informer watch. */
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

  /**
   * Told the status that a request for a watch got. Returns whether the informer would ask for what
   * is gone for ever: it lists again, ever more rarely, if its first watch is refused, but not if a
   * later one is. Takes no lock.
   */
  boolean mustListAgain(int status) {
    return switch (status) {
      case SWITCHING_PROTOCOLS, HttpURLConnection.HTTP_OK -> {
        watched.set(true);
        yield false;
      }
      case HttpURLConnection.HTTP_GONE -> watched.getAndSet(false);
      default -> false;
    };
  }

  /** Replaces the informer, unless it is closed. */
  synchronized void listAgain() {
    SharedIndexInformer<T> current = informer;
    if (current != null && !closed) {
      LOG.info("The API server has no history for the watch of {} any more; listing again", plural);
      replace(current);
    }
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
    if (current != null && current.isWatching()) {
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
