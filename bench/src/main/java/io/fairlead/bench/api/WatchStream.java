package io.fairlead.bench.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * One watch: what a client is sent from a version on, event by event, until its time is over. Runs
 * on the thread of its request.
 */
final class WatchStream {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** As long as this before the end of a watch, real servers send one more bookmark. */
  private static final long LAST_BOOKMARK_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** A watch that nothing happens to looks at least this often whether it was told to stop. */
  private static final long LOOK_MILLISECONDS = 1000;

  private final ApiStore store;
  private final ApiFaults faults;
  private final Parameters parameters;
  private final BooleanSupplier closed;
  private final ApiCall.Events events;
  private final long dropsAtBegin;
  private final long end;
  private long sentUpTo;
  private long nextBookmark;

  /**
   * What the client asked for.
   *
   * @param initial whether what exists is sent first, as new
   * @param markEnd whether a bookmark says that this was all
   * @param bookmarkInterval zero for no bookmarks
   */
  record Parameters(
      ApiResource resource,
      ObjectFilter filter,
      long after,
      boolean initial,
      boolean markEnd,
      Duration bookmarkInterval,
      Duration timeout) {}

  WatchStream(
      ApiStore store,
      ApiFaults faults,
      Parameters parameters,
      BooleanSupplier closed,
      ApiCall.Events events) {
    this.store = store;
    this.faults = faults;
    this.parameters = parameters;
    this.closed = closed;
    this.events = events;
    this.dropsAtBegin = faults.drops();
    long now = System.nanoTime();
    this.end = now + parameters.timeout().toNanos();
    this.sentUpTo = parameters.after();
    this.nextBookmark = nextBookmark(now);
  }

  private long nextBookmark(long now) {
    if (parameters.bookmarkInterval().isZero()) {
      return Long.MAX_VALUE;
    }
    long regular = now + parameters.bookmarkInterval().toNanos();
    long last = end - LAST_BOOKMARK_NANOS;
    return last > now ? Math.min(regular, last) : regular;
  }

  /**
   * Returns when the watch has ended in an orderly way.
   *
   * @throws IOException when it is to be cut off, or the client has gone
   */
  void run() throws IOException, InterruptedException {
    if (parameters.initial()) {
      ApiStore.Snapshot snapshot = store.snapshot(parameters.resource());
      for (ObjectNode object : snapshot.objects()) {
        if (parameters.filter().matches(object)) {
          send("ADDED", object);
        }
      }
      sentUpTo = snapshot.version();
      if (parameters.markEnd()) {
        ObjectNode end = bookmark();
        end.withObject("/metadata/annotations").put("k8s.io/initial-events-end", "true");
        send("BOOKMARK", end);
      }
    }
    try {
      while (System.nanoTime() < end) {
        step();
      }
    } catch (ApiFailure failure) {
      send("ERROR", failure.toStatus());
    }
  }

  private void step() throws ApiFailure, IOException, InterruptedException {
    long now = System.nanoTime();
    long next = Math.min(end, nextBookmark);
    long wait = Math.clamp(TimeUnit.NANOSECONDS.toMillis(next - now) + 1, 1, LOOK_MILLISECONDS);
    for (ApiWrite write : store.changesAfter(sentUpTo, wait)) {
      deliver(write);
      sentUpTo = write.version();
    }
    requireOpen();
    if (System.nanoTime() >= nextBookmark) {
      send("BOOKMARK", bookmark());
      nextBookmark = nextBookmark(System.nanoTime());
    }
  }

  private void deliver(ApiWrite write) throws IOException, InterruptedException {
    if (write.resource() != parameters.resource()) {
      return;
    }
    ObjectNode before = write.before();
    boolean was = before != null && parameters.filter().matches(before);
    boolean is =
        write.kind() != ApiWrite.Kind.DELETED && parameters.filter().matches(write.object());
    if (!was && !is) {
      return;
    }
    awaitDelay(write);
    if (is) {
      send(was ? "MODIFIED" : "ADDED", write.object());
    } else {
      send("DELETED", gone(write));
    }
  }

  /** An object that a change took out of the filter is sent as it last matched. */
  private static ObjectNode gone(ApiWrite write) {
    ObjectNode before = write.before();
    if (write.kind() == ApiWrite.Kind.DELETED || before == null) {
      return write.object();
    }
    ObjectNode last = before.deepCopy();
    last.withObject("/metadata").put("resourceVersion", Long.toString(write.version()));
    return last;
  }

  private void awaitDelay(ApiWrite write) throws IOException, InterruptedException {
    Duration delay = faults.watchDelay();
    if (!delay.isZero()) {
      long due = write.nanoTime() + delay.toNanos();
      while (System.nanoTime() < due) {
        requireOpen();
        long left = TimeUnit.NANOSECONDS.toMillis(due - System.nanoTime()) + 1;
        Thread.sleep(Math.min(left, LOOK_MILLISECONDS));
      }
    }
  }

  private ObjectNode bookmark() {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("kind", parameters.resource().kind());
    object.put("apiVersion", parameters.resource().apiVersion());
    ObjectNode metadata = object.putObject("metadata");
    metadata.put("resourceVersion", Long.toString(sentUpTo));
    metadata.putNull("creationTimestamp");
    return object;
  }

  private void send(String type, ObjectNode object) throws IOException, InterruptedException {
    while (!faults.awaitGoing(dropsAtBegin, LOOK_MILLISECONDS)) {
      requireOpen();
    }
    requireOpen();
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("type", type).set("object", object);
    events.send(MAPPER.writeValueAsBytes(event));
  }

  private void requireOpen() throws IOException {
    if (closed.getAsBoolean() || !events.isOpen() || faults.drops() != dropsAtBegin) {
      throw new IOException("the watch is cut off");
    }
  }
}
