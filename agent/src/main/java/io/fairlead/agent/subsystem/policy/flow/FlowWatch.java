package io.fairlead.agent.subsystem.policy.flow;

import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.log.LoggedPacket;
import io.fairlead.dataplane.netlink.log.PacketLog;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the packets that the table of policies denied and reported, has them explained on the
 * reconciling thread, and keeps, counts and logs them. Without it policies are in force all the
 * same. {@link #flows} and {@link #summary} may be called by any thread, the rest by the
 * reconciling thread or before it runs, and {@link #follow} by any.
 */
public final class FlowWatch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FlowWatch.class);

  /** Packets that wait to be explained at most. */
  private static final int MOST_WAITING = 1024;

  private final int group;
  private final FlowExplainer explainer;
  private final Consumer<Runnable> loop;
  private final FlowMetrics metrics;
  private final FlowLog flows = new FlowLog();
  private final LineLimit lines = new LineLimit(System::nanoTime);
  private final CopyOnWriteArrayList<Consumer<DeniedFlow>> followers = new CopyOnWriteArrayList<>();
  private final Object gate = new Object();
  private List<LoggedPacket> waiting = new ArrayList<>();
  private @Nullable PacketLog reader;
  private volatile @Nullable String problem;
  private volatile @Nullable String misunderstanding;

  /**
   * Reads nothing before {@link #open}.
   *
   * @param group the NFLOG group that the table reports to
   * @param enforcement owned by the reconciling thread
   * @param loop runs tasks on that thread
   */
  public FlowWatch(
      int group, Enforcement enforcement, Consumer<Runnable> loop, PrometheusRegistry registry) {
    this.group = group;
    this.explainer = new FlowExplainer(enforcement);
    this.loop = loop;
    this.metrics = new FlowMetrics(registry);
  }

  /**
   * Begins to read, in the calling thread's network namespace, unless it does already. A failure is
   * logged and told by {@link #summary}; call this again later.
   */
  public void open() {
    if (reader != null) {
      return;
    }
    try {
      reader = PacketLog.open(group, new Reader());
      problem = null;
    } catch (IOException e) {
      String sentence = String.valueOf(e.getMessage());
      if (!sentence.equals(problem)) {
        problem = sentence;
        LOG.warn("Denied flows are not reported: {}", sentence);
      }
    }
  }

  /** The flows that were denied last. */
  public FlowLog flows() {
    return flows;
  }

  /** What {@code fairlead status} tells. */
  public String summary() {
    String sentence = problem;
    if (sentence != null) {
      return "not reported: " + sentence;
    }
    DeniedFlow last = flows.last();
    return last == null ? "none" : flows.seen() + ", the last: " + last;
  }

  @Override
  public void close() {
    PacketLog opened = reader;
    if (opened != null) {
      reader = null;
      opened.close();
    }
  }

  private void explainWaiting() {
    List<LoggedPacket> packets;
    synchronized (gate) {
      packets = waiting;
      waiting = new ArrayList<>();
    }
    for (LoggedPacket packet : packets) {
      try {
        record(explainer.explain(packet));
      } catch (MalformedMessageException e) {
        misunderstood(e);
      }
    }
  }

  /**
   * Hands over every denied flow from now on, on the reconciling thread, until what is returned is
   * closed. {@code follower} must be quick.
   */
  public AutoCloseable follow(Consumer<DeniedFlow> follower) {
    followers.add(follower);
    return () -> followers.remove(follower);
  }

  private void record(DeniedFlow flow) {
    flows.add(flow);
    followers.forEach(follower -> follower.accept(flow));
    metrics.denied(flow.direction());
    if (lines.admits(flow)) {
      LOG.atInfo()
          .addKeyValue("direction", flow.direction())
          .addKeyValue("protocol", flow.protocol())
          .addKeyValue("source", flow.source())
          .addKeyValue("destination", flow.destination())
          .addKeyValue("reason", flow.reason())
          .log("A flow was denied");
    }
  }

  private void misunderstood(IOException cause) {
    String sentence = String.valueOf(cause.getMessage());
    if (!sentence.equals(misunderstanding)) {
      misunderstanding = sentence;
      LOG.warn("A report of a denied packet is not understood: {}", sentence);
    }
  }

  /** On the log's thread. */
  private final class Reader implements PacketLog.Listener {

    @Override
    public void packet(LoggedPacket packet) {
      boolean first;
      synchronized (gate) {
        if (waiting.size() == MOST_WAITING) {
          metrics.lost(1);
          return;
        }
        first = waiting.isEmpty();
        waiting.add(packet);
      }
      if (first) {
        loop.accept(FlowWatch.this::explainWaiting);
      }
    }

    @Override
    public void lost(long packets) {
      metrics.lost(packets);
    }

    @Override
    public void problem(IOException cause) {
      misunderstood(cause);
    }
  }
}
