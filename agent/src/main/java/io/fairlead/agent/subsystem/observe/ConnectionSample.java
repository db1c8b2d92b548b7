package io.fairlead.agent.subsystem.observe;

import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.server.Feed;
import io.fairlead.agent.server.FlowReport;
import io.fairlead.agent.server.Json;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackMonitor;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Connections as they come about, for one client: so many in a second are explained, on the
 * reconciling thread, and the others are counted. The monitors of all clients share a socket, which
 * is closed with the last of them.
 */
final class ConnectionSample implements AutoCloseable {

  private final ReconcileLoop loop;
  private final PodFilter pods;
  private final Feed.LineSink sink;
  private final RateGate gate;
  private final NameBook names;
  private final ConnectionExplainer explainer;
  private final AtomicBoolean telling = new AtomicBoolean();

  /** Of the pods that are meant, if not all are; gathered anew every second. */
  private volatile Set<IpAddress> wanted = Set.of();

  private volatile boolean closed;

  private ConnectionSample(Observed observed, PodFilter pods, int rate, Feed.LineSink sink) {
    this.loop = observed.loop();
    this.pods = pods;
    this.sink = sink;
    this.gate = new RateGate(rate, System::nanoTime);
    this.names = observed.names();
    this.explainer = new ConnectionExplainer(names, observed.enforcement());
  }

  /**
   * Begins, in the calling thread's network namespace.
   *
   * @throws IOException if the kernel refuses
   */
  static AutoCloseable open(Observed observed, PodFilter pods, int rate, Feed.LineSink sink)
      throws IOException {
    ConnectionSample sample = new ConnectionSample(observed, pods, rate, sink);
    if (!pods.isAll()) {
      sample.gatherWanted();
    }
    ConntrackMonitor monitor = ConntrackMonitor.start(sample.new Listener());
    return () -> {
      sample.close();
      monitor.close();
    };
  }

  @Override
  public void close() {
    closed = true;
  }

  private void gatherWanted() {
    if (closed) {
      return;
    }
    var _ =
        loop.ask(view -> wanted = Set.copyOf(names.refresh(view).addresses(pods, view)))
            .whenComplete((_, _) -> later(this::gatherWanted));
  }

  private static void later(Runnable task) {
    CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS).execute(task);
  }

  private boolean isWanted(ConntrackEntry entry) {
    if (pods.isAll()) {
      return true;
    }
    Set<IpAddress> addresses = wanted;
    return addresses.contains(entry.original().source())
        || addresses.contains(entry.reply().source());
  }

  private void explain(ConntrackEntry entry, Instant time) {
    var _ =
        loop.ask(view -> {
          names.refresh(view);
          return sink.line(Json.text(explainer.explain(entry, time)));
        });
  }

  /** Tells the number once a second, however many there are. */
  private void skipped() {
    if (telling.compareAndSet(false, true)) {
      later(() -> {
        telling.set(false);
        long count = gate.takeSkipped();
        if (!closed && count > 0) {
          note(String.format(Locale.ROOT, "%,d more were not sampled", count));
        }
      });
    }
  }

  private void note(String sentence) {
    sink.line(Json.text(FlowReport.note(Instant.now().toString(), sentence)));
  }

  /** On the monitor's thread. */
  private final class Listener implements ConntrackMonitor.Listener {

    @Override
    public void began(ConntrackEntry entry) {
      if (!isWanted(entry)) {
        return;
      }
      if (gate.admits()) {
        explain(entry, Instant.now());
      } else {
        skipped();
      }
    }

    @Override
    public void overrun() {
      note("connections came faster than they could be read, and some are missing");
    }

    @Override
    public void problem(IOException cause) {
      note("the kernel's announcements cannot be read: " + cause.getMessage());
    }
  }
}
