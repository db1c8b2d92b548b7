package io.fairlead.agent.subsystem;

import io.fairlead.agent.AdminRoutes;
import io.fairlead.agent.ProblemReport;
import io.fairlead.agent.cni.CniServer;
import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.loop.SubsystemException;
import io.fairlead.agent.node.HostSettings;
import io.fairlead.agent.server.Route;
import io.fairlead.agent.server.WatchedReport;
import io.fairlead.agent.subsystem.pod.HostPortRules;
import io.fairlead.agent.subsystem.pod.LeaseImport;
import io.fairlead.agent.subsystem.pod.PodViews;
import io.fairlead.agent.verify.Verifiable;
import io.fairlead.agent.watch.FolderWatch;
import io.fairlead.cni.CniService;
import io.fairlead.cni.CniSettings;
import io.fairlead.cni.attach.BridgeSettings;
import io.fairlead.cni.ipam.AddressPool;
import io.fairlead.cni.wire.DeleteQueue;
import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.Difference;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteMonitor;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pods of this node: keeps the CNI service at the node's pod CIDRs, and opens the CNI socket once
 * deletions that waited have been carried out and leases agree with links. A pod whose link the
 * kernel removes without a DEL is freed by that event.
 */
public final class PodSubsystem
    implements Subsystem, Verifiable, AdminRoutes, ProblemReport, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PodSubsystem.class);

  private final String nodeName;
  private final String bridge;
  private final CniService service;
  private final HostPortRules hostPorts;
  private final CniServer server;
  private final DeleteQueue queue;
  private final LeaseImport imported;
  private final IntSupplier mtu;
  private final HostSettings settings;
  private final ReconcileLoop loop;
  private final RepairSignal repairs;
  private final RouteMonitor monitor;
  private @Nullable FolderWatch queueWatch;
  private boolean recovered;
  private boolean serving;

  /**
   * A subsystem that owns {@code service}, {@code hostPorts} and {@code server}.
   *
   * @param server listening, not yet serving
   * @param imported which this subsystem closes
   * @param mtu of pods' interfaces, in bytes; asked after the overlay was brought up to date
   * @param repairs told when the bridge was changed
   * @throws IOException if the kernel's events cannot be followed
   */
  public PodSubsystem(
      String nodeName,
      String bridge,
      CniService service,
      HostPortRules hostPorts,
      CniServer server,
      DeleteQueue queue,
      LeaseImport imported,
      IntSupplier mtu,
      HostSettings settings,
      ReconcileLoop loop,
      RepairSignal repairs)
      throws IOException {
    this.nodeName = nodeName;
    this.bridge = bridge;
    this.service = service;
    this.hostPorts = hostPorts;
    this.server = server;
    this.queue = queue;
    this.imported = imported;
    this.mtu = mtu;
    this.settings = settings;
    this.loop = loop;
    this.repairs = repairs;
    EventInbox<RouteEvent> inbox = new EventInbox<>(loop, this::repair);
    this.monitor =
        RouteMonitor.start(
            inbox::accept,
            problem -> {
              LOG.error("The kernel's events cannot be followed: {}", problem.getMessage());
              inbox.accept(new RouteEvent.Overrun());
            });
  }

  @Override
  public String name() {
    return "pods";
  }

  @Override
  public void apply(ClusterView view, DirtyKeys dirty) throws SubsystemException {
    if (dirty.everything() || dirty.nodes().contains(nodeName)) {
      audit(view);
    }
  }

  @Override
  public void audit(ClusterView view) throws SubsystemException {
    NodeRecord node = view.node(nodeName);
    List<Cidr> podCidrs = node == null ? List.of() : node.podCidrs();
    try {
      imported.refresh(); // Before any address is handed out.
      recover();
      service.findGoneLinks(); // Events may have been lost.
      List<RouteOperation> operations =
          service.configure(new CniSettings(podCidrs, new BridgeSettings(bridge, mtu.getAsInt())));
      loop.did(name(), operations);
      for (RouteOperation operation : operations) {
        LOG.atInfo().addKeyValue("operation", operation).log("The bridge was changed");
      }
      if (!operations.isEmpty()) {
        repairs.repaired();
      }
      serve();
      setBridge();
    } catch (IOException | IllegalArgumentException e) {
      throw failure("Pods cannot be attached: " + e.getMessage(), e);
    }
    if (podCidrs.isEmpty()) {
      throw failure(
          "The Node "
              + nodeName
              + (node == null ? " does not exist" : " has no spec.podCIDR")
              + ", so no pod can be attached; check --node-name and that the cluster assigns pod"
              + " CIDRs (kube-controller-manager --allocate-node-cidrs)",
          null);
    }
  }

  @Override
  public Comparison verify(ClusterView view) throws IOException {
    if (!recovered) {
      throw new IOException("the attachments of pods have not been recovered yet");
    }
    Comparison.Builder bridgeSettings = new Comparison.Builder();
    HostSettings observed = settings.observed(bridgeSettings);
    List<String> missing = new ArrayList<>(observed.ignoreRouters(bridge).problems());
    missing.addAll(observed.routeLoopback(bridge).problems());
    missing.forEach(sentence -> bridgeSettings.add(Difference.missing("settings", sentence)));
    return service.compare().plus(hostPorts.compare()).plus(bridgeSettings.build());
  }

  /** Host ports are in force by now, and with them what keeps pods from the node's loopback. */
  private void setBridge() throws SubsystemException {
    List<String> problems = new ArrayList<>();
    for (HostSettings.Result result :
        List.of(settings.ignoreRouters(bridge), settings.routeLoopback(bridge))) {
      loop.did(name(), result.changed());
      for (String change : result.changed()) {
        LOG.atInfo().addKeyValue("setting", change).log("A kernel setting was changed");
      }
      problems.addAll(result.problems());
    }
    if (!problems.isEmpty()) {
      throw failure(String.join("; ", problems), null);
    }
  }

  private void repair(List<RouteEvent> events) {
    for (RouteEvent event : events) {
      if (event instanceof RouteEvent.Deleted(Link link)) {
        service.linkGone(link);
      }
    }
    try {
      for (RouteEvent event : events) {
        if (service.isDisturbedBy(event)) {
          LOG.atWarn().addKeyValue("cause", event).log("The bridge was changed by someone else");
          loop.because("the bridge was changed by someone else: " + event);
          loop.markDirty(name(), DirtyKeys.EVERYTHING);
          return;
        }
      }
    } catch (IOException e) {
      LOG.debug("The links of pods cannot be looked at", e);
      loop.markDirty(name(), DirtyKeys.EVERYTHING);
    }
  }

  private SubsystemException failure(String sentence, @Nullable Exception cause) {
    return new SubsystemException(
        sentence, new DirtyKeys(false, Set.of(), Set.of(nodeName)), cause);
  }

  /**
   * Once, before anything else: what the leases say must be true before the bridge is corrected by
   * them.
   */
  private void recover() throws IOException {
    if (recovered) {
      service.replay(queue);
      return;
    }
    watchQueue();
    int replayed = service.replay(queue);
    CniService.Reconciled reconciled = service.reconcile();
    recovered = true;
    LOG.atInfo()
        .addKeyValue("attachments", service.attached())
        .addKeyValue("deletionsReplayed", replayed)
        .addKeyValue("leasesFreed", reconciled.freed().size())
        .addKeyValue("leasesAdopted", reconciled.adopted().size())
        .log("Attachments were recovered");
  }

  /** A plugin that met no agent may queue its deletion when this one has read the queue already. */
  private void watchQueue() throws IOException {
    if (queueWatch == null) {
      Files.createDirectories(
          queue.folder(),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      queueWatch = FolderWatch.start(queue.folder(), "queue-watch", this::queued);
    }
  }

  private long queued(@Nullable Set<Path> names) {
    if (names == null || names.stream().anyMatch(queue::isDeletion)) {
      loop.markDirty(name(), DirtyKeys.EVERYTHING);
    }
    return 0;
  }

  private void serve() {
    if (!serving) {
      server.serve();
      serving = true;
    }
  }

  @Override
  public boolean reconfigure(AgentConfiguration configuration) {
    return true; // Another overlay leaves packets of another size.
  }

  @Override
  public Map<String, String> status() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("attached", Integer.toString(service.attached()));
    for (AddressPool.Usage usage : service.usage()) {
      facts.put(usage.range().toString(), usage.used() + " of " + usage.size() + " addresses used");
    }
    facts.put("host ports", Integer.toString(hostPorts.size()));
    return facts;
  }

  @Override
  public Map<String, Route> adminRoutes() {
    Map<String, Route> routes = new HashMap<>();
    // Pods come and go without a round.
    routes.putAll(
        WatchedReport.routes(
            "/pods",
            _ -> CompletableFuture.completedFuture(PodViews.pods(nodeName, service)),
            System::nanoTime));
    routes.putAll(
        WatchedReport.routes(
            "/addresses",
            _ -> CompletableFuture.completedFuture(PodViews.addresses(nodeName, service)),
            System::nanoTime));
    return routes;
  }

  @Override
  public List<String> problems() {
    return imported.problems();
  }

  @Override
  public void close() throws IOException {
    monitor.close();
    imported.close();
    if (queueWatch != null) {
      queueWatch.close();
    }
    service.stopAdmitting(); // The loop has ended, so nobody would be let in any more.
    server.close();
    service.close();
    hostPorts.close();
  }
}
