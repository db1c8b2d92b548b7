package io.fairlead.bench.chaos.probe;

import io.fairlead.bench.lab.EchoClient;
import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.dataplane.sys.NamespaceThread;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** One new connection to a Service after the other; each that fails is an incident. */
public final class NewConnections implements Probe {

  private static final long PAUSE_NANOS = 20_000_000;
  private static final Duration LIMIT = Duration.ofSeconds(1);

  private final NamespaceThread thread;
  private final InetSocketAddress to;
  private final ProbeLog log;
  private volatile boolean going = true;

  private NewConnections(NamespaceThread thread, InetSocketAddress to, ProbeLog log) {
    this.thread = thread;
    this.to = to;
    this.log = log;
  }

  /** Begins to connect. */
  public static NewConnections start(LabNamespace from, InetSocketAddress to, ProbeLog log)
      throws IOException {
    NewConnections probe = new NewConnections(from.newThread("new-" + log.name()), to, log);
    Thread.ofPlatform().daemon().name("new-" + log.name() + "-runner").start(probe::run);
    return probe;
  }

  private void run() {
    try {
      thread.call(() -> {
        while (going) {
          once();
          LockSupport.parkNanos(PAUSE_NANOS);
        }
        return log;
      });
    } catch (Exception e) {
      if (going) {
        throw new IllegalStateException("the probe " + log.name() + " failed", e);
      }
    }
  }

  private void once() {
    long start = System.nanoTime();
    try {
      EchoClient.tcpHere(to, "question", LIMIT);
      log.success(start);
    } catch (IOException e) {
      if (going) {
        log.incident(Effect.REFUSED, start, System.nanoTime(), String.valueOf(e.getMessage()));
      }
    }
  }

  @Override
  public ProbeLog log() {
    return log;
  }

  @Override
  public boolean isWellSince(long nanos) {
    return log.lastSuccess() > Math.max(nanos, log.lastIncident());
  }

  @Override
  public void close() {
    going = false;
    thread.close();
  }
}
