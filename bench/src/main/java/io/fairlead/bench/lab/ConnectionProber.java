package io.fairlead.bench.lab;

import io.fairlead.dataplane.sys.NamespaceThread;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Opens one new TCP connection to an {@link EchoServer} after the other, on a thread of its own,
 * and notes who answered each.
 */
public final class ConnectionProber implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofSeconds(1);

  /** Leaves the machine some time for everybody else. */
  private static final long PAUSE_NANOS = 100_000;

  private final NamespaceThread thread;
  private final InetSocketAddress to;
  private final FutureTask<List<Attempt>> loop = new FutureTask<>(this::connect);
  private volatile boolean connecting = true;
  private volatile int made;

  private ConnectionProber(NamespaceThread thread, InetSocketAddress to) {
    this.thread = thread;
    this.to = to;
  }

  /** Begins to connect from {@code namespace}. */
  public static ConnectionProber start(LabNamespace namespace, InetSocketAddress to)
      throws IOException {
    NamespaceThread thread = namespace.newThread(namespace.name() + "-connections");
    ConnectionProber prober = new ConnectionProber(thread, to);
    Thread.ofVirtual().start(prober::runOnThread);
    return prober;
  }

  /**
   * One connection.
   *
   * @param startNanos by System.nanoTime, before it was begun
   * @param endNanos when the answer or the failure was there
   * @param server who answered, or null
   * @param failure why nobody did, or null
   */
  public record Attempt(
      long startNanos, long endNanos, @Nullable String server, @Nullable String failure) {}

  private void runOnThread() {
    try {
      thread.call(() -> {
        loop.run();
        return loop;
      });
    } catch (Exception e) {
      throw new IllegalStateException("a prober's thread failed", e);
    }
  }

  private List<Attempt> connect() {
    List<Attempt> attempts = new ArrayList<>();
    while (connecting) {
      long start = System.nanoTime();
      attempts.add(attempt(start));
      made = attempts.size();
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return attempts;
  }

  private Attempt attempt(long start) {
    try {
      EchoAnswer answer = EchoClient.tcpHere(to, "question", LIMIT);
      return new Attempt(start, System.nanoTime(), answer.server(), null);
    } catch (IOException e) {
      return new Attempt(start, System.nanoTime(), null, e.toString());
    }
  }

  /** Returns after {@code count} more attempts. */
  public void awaitAttempts(int count) throws IOException, InterruptedException {
    int wanted = made + count;
    Await.until(count + " connections are tried", Await.PATIENCE, () -> made >= wanted);
  }

  /** Ends after the current attempt and returns all of them, in order. */
  public List<Attempt> finish() throws InterruptedException {
    connecting = false;
    try {
      return loop.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a prober failed", e);
    } finally {
      thread.close();
    }
  }

  /** Ends it; harmless after {@link #finish}. */
  @Override
  public void close() {
    connecting = false;
    thread.close();
  }
}
