package io.fairlead.agent.subsystem;

import io.fairlead.agent.AdminRoutes;
import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.config.TunnelConfiguration;
import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.loop.SubsystemException;
import io.fairlead.agent.server.Route;
import io.fairlead.agent.source.ClusterSource;
import io.fairlead.agent.source.VtepAnnouncement;
import io.fairlead.agent.verify.Verifiable;
import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.model.FlannelNode;
import io.fairlead.dataplane.model.ObjectChange.NodeChanged;
import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteMonitor;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.overlay.Overlay;
import io.fairlead.overlay.OverlayMode;
import io.fairlead.overlay.OverlayOptions;
import io.fairlead.overlay.OverlayOutcome;
import io.fairlead.overlay.OverlayProblem;
import io.fairlead.overlay.OverlayStatus;
import io.fairlead.overlay.ReversePathFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to other nodes' pods: hands Nodes and the kernel's events to the overlay, and publishes
 * this node's VTEP.
 */
public final class OverlaySubsystem implements Subsystem, AdminRoutes, Verifiable, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(OverlaySubsystem.class);

  /** As many new problems are written out at once, when a whole cluster has them. */
  private static final int LOGGED_PROBLEMS = 10;

  private final String nodeName;
  private final RouteKernel kernel;
  private final RouteMonitor monitor;
  private final Overlay overlay;
  private final EventInbox<RouteEvent> inbox;
  private final ReconcileLoop loop;
  private final RepairSignal repairs;
  private final ClusterSource source;
  private final @Nullable LinkChecksums checksums;
  private final OverlayViews views;
  private boolean alarmed;
  private volatile boolean closed;
  private List<OverlayProblem> failures = List.of();
  private volatile OverlayStatus status;

  private OverlaySubsystem(
      AgentConfiguration configuration,
      RouteKernel kernel,
      RouteKernel reading,
      @Nullable LinkChecksums checksums,
      ClusterSource source,
      ReconcileLoop loop,
      RepairSignal repairs)
      throws IOException {
    this.nodeName = configuration.nodeName();
    this.kernel = kernel;
    this.checksums = checksums;
    this.overlay =
        new Overlay(
            kernel,
            new ReversePathFilter(configuration.sysctlDirectory().resolve("net/ipv4/conf")),
            nodeName,
            options(configuration),
            checksums,
            System::nanoTime);
    this.source = source;
    this.status = overlay.status();
    this.loop = loop;
    this.repairs = repairs;
    this.views = new OverlayViews(nodeName, loop, overlay, reading);
    this.inbox = new EventInbox<>(loop, this::repair);
    announce(configuration);
    this.monitor =
        RouteMonitor.start(
            inbox::accept,
            problem -> {
              LOG.error("The kernel's events cannot be followed: {}", problem.getMessage());
              inbox.accept(new RouteEvent.Overrun());
            });
  }

  /**
   * Opens its own sockets and event monitor in the calling thread's network namespace.
   *
   * @param repairs told when what somebody else changed was repaired
   * @throws IOException if the kernel refuses
   */
  public static OverlaySubsystem open(
      AgentConfiguration configuration,
      ClusterSource source,
      ReconcileLoop loop,
      RepairSignal repairs)
      throws IOException {
    RouteKernel kernel = RouteSocket.open();
    RouteKernel reading = null;
    LinkChecksums checksums = null;
    try {
      reading = RouteSocket.open();
      checksums = LinkChecksums.openIfUnwanted(configuration.tunnel().checksumOffload());
      return new OverlaySubsystem(configuration, kernel, reading, checksums, source, loop, repairs);
    } catch (IOException e) {
      kernel.close();
      if (reading != null) {
        reading.close();
      }
      if (checksums != null) {
        checksums.close();
      }
      throw e;
    }
  }

  private static OverlayOptions options(AgentConfiguration configuration) {
    TunnelConfiguration tunnel = configuration.tunnel();
    return OverlayOptions.of(mode(configuration))
        .withVni(tunnel.vni())
        .withPort(tunnel.port())
        .withDirectRouting(tunnel.directRouting());
  }

  /** Tells the other nodes of this one's end of the tunnel. */
  private void announce(AgentConfiguration configuration) {
    FlannelNode flannel =
        configuration.tunnel().flannelAnnotations()
            ? switch (configuration.overlay()) {
              case VXLAN ->
                  new FlannelNode(
                      FlannelNode.VXLAN,
                      configuration.tunnel().vni(),
                      overlay.vtepMac(),
                      null,
                      true);
              case HOST_GW -> new FlannelNode(FlannelNode.HOST_GATEWAY, 0, null, null, true);
              case NONE -> null;
            }
            : null;
    source.publishVtep(new VtepAnnouncement(overlay.vtepMac(), flannel));
  }

  private static OverlayMode mode(AgentConfiguration configuration) {
    return switch (configuration.overlay()) {
      case VXLAN -> OverlayMode.VXLAN;
      case HOST_GW -> OverlayMode.HOST_GW;
      case NONE -> OverlayMode.NONE;
    };
  }

  @Override
  public String name() {
    return "overlay";
  }

  @Override
  public void apply(ClusterView view, DirtyKeys dirty) throws SubsystemException {
    if (dirty.everything()) {
      var _ = run(dirty, () -> overlay.replaceNodes(view.nodes()));
    } else if (!dirty.nodes().isEmpty()) {
      List<NodeChanged> changes = new ArrayList<>();
      dirty.nodes().forEach(name -> changes.add(new NodeChanged(name, view.node(name))));
      var _ = run(dirty, () -> overlay.updateNodes(changes));
    }
  }

  @Override
  public void audit(ClusterView view) throws SubsystemException {
    if (run(DirtyKeys.EVERYTHING, overlay::audit)) {
      repairs.repaired();
    }
  }

  @Override
  public Comparison verify(ClusterView view) throws IOException {
    return overlay.compare();
  }

  private void repair(List<RouteEvent> events) {
    try {
      OverlayOutcome outcome = overlay.handle(events);
      if (!outcome.applied().isEmpty()) {
        loop.because("the network was changed by someone else");
        LOG.atInfo()
            .addKeyValue("operations", outcome.applied().size())
            .log("The network was changed by someone else, and the overlay repaired");
        repairs.repaired();
      }
      log(outcome);
      if (!outcome.failures().equals(failures)) {
        // Becomes known, and is tried again, as the failure of a round; or is known no more.
        loop.markDirty(name(), nodes(failures).plus(nodes(outcome.failures())));
        failures = outcome.failures();
      }
    } catch (IOException e) {
      LOG.debug("The overlay could not be repaired", e);
      loop.markDirty(name(), DirtyKeys.EVERYTHING);
    }
    remember();
    setAlarm();
  }

  /** Comes back for what had to wait because somebody changes it again and again. */
  private void setAlarm() {
    long wait = overlay.dueIn();
    if (wait == Long.MAX_VALUE || alarmed) {
      return;
    }
    alarmed = true;
    CompletableFuture.delayedExecutor(wait, TimeUnit.NANOSECONDS)
        .execute(() ->
            loop.submit(() -> {
              alarmed = false;
              if (!closed) {
                repair(List.of());
              }
            }));
  }

  private void remember() {
    OverlayStatus now = overlay.status();
    Set<OverlayProblem> news = new LinkedHashSet<>(now.problems());
    status.problems().forEach(news::remove);
    failures.forEach(news::remove); // The loop reports those.
    news.stream()
        .limit(LOGGED_PROBLEMS)
        .forEach(problem -> LOG.warn("Pods are not reached as they should be: {}", problem));
    if (news.size() > LOGGED_PROBLEMS) {
      LOG.warn("And so it is with {} more; see fairlead status", news.size() - LOGGED_PROBLEMS);
    }
    status = now;
  }

  private static DirtyKeys nodes(List<OverlayProblem> problems) {
    Set<String> names = new HashSet<>();
    problems.forEach(problem -> names.add(problem.node()));
    return new DirtyKeys(false, Set.of(), names);
  }

  /** Work on the overlay. */
  private interface Step {
    OverlayOutcome take() throws IOException;
  }

  /** Returns whether the kernel was changed. */
  private boolean run(DirtyKeys keys, Step step) throws SubsystemException {
    OverlayOutcome outcome;
    try {
      outcome = step.take();
      failures = outcome.failures();
    } catch (IOException e) {
      throw new SubsystemException(String.valueOf(e.getMessage()), keys, e);
    } finally {
      remember();
    }
    log(outcome);
    if (!failures.isEmpty()) {
      throw new SubsystemException(
          String.join("; ", failures.stream().map(OverlayProblem::toString).toList()),
          nodes(failures),
          null);
    }
    return !outcome.applied().isEmpty();
  }

  private void log(OverlayOutcome outcome) {
    loop.did(name(), outcome.applied());
    for (RouteOperation operation : outcome.applied()) {
      LOG.atDebug().addKeyValue("operation", operation).log("The overlay was changed");
    }
  }

  @Override
  public boolean reconfigure(AgentConfiguration configuration) {
    if (mode(configuration) == status.mode()) {
      return false;
    }
    try {
      log(overlay.reconfigure(options(configuration)));
    } catch (IOException e) {
      LOG.warn("The overlay could not be switched: {}; it is tried again", e.getMessage());
    }
    announce(configuration);
    remember();
    return true;
  }

  /** How pods of other nodes are reached now; from any thread. */
  public OverlayMode mode() {
    return status.mode();
  }

  /** The largest packet, in bytes, that reaches every pod in one piece. */
  public int podMtu() {
    return overlay.podMtu();
  }

  /**
   * What is wrong on this node; from any thread. A peer that cannot be reached does not count: a
   * runtime that hears of trouble takes no more pods, and one bad Node must not stop all others.
   */
  public Optional<String> trouble() {
    return status.problems().stream()
        .filter(problem -> problem.node().equals(nodeName))
        .findFirst()
        .map(OverlayProblem::sentence);
  }

  @Override
  public Map<String, String> status() {
    OverlayStatus now = status;
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("mode", now.mode().toString());
    if (!now.device().isEmpty()) {
      facts.put(
          "device",
          now.device()
              + " "
              + now.mac()
              + " mtu "
              + now.mtu()
              + (checksums == null ? "" : ", without checksum offload"));
    }
    facts.put("peers", now.peers() + " with " + now.routes() + " routes");
    for (OverlayProblem problem : now.problems()) {
      facts.put("problem " + problem.node(), problem.sentence());
    }
    return facts;
  }

  @Override
  public Map<String, Route> adminRoutes() {
    return views.routes();
  }

  @Override
  public void close() {
    closed = true;
    monitor.close();
    kernel.close();
    views.close();
    if (checksums != null) {
      checksums.close();
    }
  }
}
