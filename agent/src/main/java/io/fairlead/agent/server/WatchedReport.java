package io.fairlead.agent.server;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * A report that can be asked for once, and that can be watched: then it is sent at once and
 * whenever it became another one, at most once a second. Nothing is done while nobody watches.
 */
public final class WatchedReport implements Feed {

  /** What stands before the path of a report that is watched. */
  public static final String PREFIX = "/watch";

  private final Function<Request, ? extends CompletionStage<?>> report;
  private final LongSupplier version;
  private final Consumer<Runnable> later;

  /**
   * A report that nobody watches yet.
   *
   * @param report makes it; called by any thread, and must be quick
   * @param version while it stays the same, so does the report
   * @param later runs a task after the pause between two looks
   */
  WatchedReport(
      Function<Request, ? extends CompletionStage<?>> report,
      LongSupplier version,
      Consumer<Runnable> later) {
    this.report = report;
    this.version = version;
    this.later = later;
  }

  /**
   * Both paths of a report, {@code path} and the same after {@link #PREFIX}.
   *
   * @param report makes it; called by any thread, and must be quick
   * @param version while it stays the same, so does the report; {@code System::nanoTime} if that
   *     cannot be told
   */
  public static Map<String, Route> routes(
      String path, Function<Request, ? extends CompletionStage<?>> report, LongSupplier version) {
    WatchedReport watched =
        new WatchedReport(
            report, version, CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS)::execute);
    return Map.of(
        path,
        new Route.Eventual(request -> report.apply(request).thenApply(Json::reply)),
        PREFIX + path,
        new Route.Streamed(watched));
  }

  @Override
  public AutoCloseable open(Request request, LineSink sink) {
    Watcher watcher = new Watcher(request, sink);
    watcher.look();
    return watcher;
  }

  /** One who watches. One look follows the other, so only {@code closed} is shared. */
  private final class Watcher implements AutoCloseable {

    private final Request request;
    private final LineSink sink;
    private volatile boolean closed;
    private boolean told;
    private long seen;
    private String last = "";

    Watcher(Request request, LineSink sink) {
      this.request = request;
      this.sink = sink;
    }

    void look() {
      if (closed) {
        return;
      }
      long now = version.getAsLong();
      if (told && now == seen) {
        later.accept(this::look);
        return;
      }
      seen = now;
      var _ =
          report
              .apply(request)
              .whenComplete((answer, failure) -> {
                if (failure == null) {
                  tell(Json.text(answer));
                }
                later.accept(this::look);
              });
    }

    /** A line that the client is too slow for is not told, so that it will come again. */
    private void tell(String json) {
      if (!json.equals(last) && sink.line(json)) {
        last = json;
      }
      told = json.equals(last);
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
