package io.fairlead.cni.attach;

import io.fairlead.cni.attach.HostKernels.Borrowed;
import io.fairlead.cni.attachment.Bandwidth;
import io.fairlead.cni.ipam.AddressPool.Usage;
import io.fairlead.cni.ipam.Allocation;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.LinkKind;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteKernel.Failure;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.netlink.route.RouteOperation.Add;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddVethPair;
import io.fairlead.dataplane.sys.OwnedDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The kernel's side of attachments: the bridge and its ports on the host, and the other ends in
 * pods. Thread-safe.
 */
public final class BridgeNetwork implements AutoCloseable {

  private final HostKernels hosts;
  private final Object bridgeLock = new Object();
  private volatile @Nullable Link bridge;
  private volatile Set<IpAddress> gateways = Set.of();
  private volatile Set<IpAddress> addresses = Set.of();

  /** Opens a socket in the host's network namespace; called by several threads. */
  @FunctionalInterface
  public interface HostKernel {
    RouteKernel open() throws IOException;
  }

  /**
   * A network without a bridge.
   *
   * @param host {@code RouteSocket::open} where all threads are in the host's namespace; this
   *     object closes what it opens
   */
  public BridgeNetwork(HostKernel host) {
    this.hosts = new HostKernels(host);
  }

  /**
   * How a pod was attached.
   *
   * @param bridge as it was then
   * @param routes the default routes that were added: none where the pod had one already
   */
  public record Attached(
      Link bridge, String hostName, MacAddress hostMac, MacAddress podMac, List<Route> routes) {}

  /**
   * Makes or corrects the bridge, and makes ports of pods' links that have lost it. Calls take
   * turns, so that two first ones make one bridge.
   *
   * @param ranges at least one
   * @return the operations it took, none if all was well
   * @throws IOException if the kernel refuses, or another kind of link has the bridge's name
   */
  public List<RouteOperation> ensureBridge(
      BridgeSettings settings, List<Usage> ranges, List<Lease> leases) throws IOException {
    synchronized (bridgeLock) {
      try (Borrowed borrowed = hosts.borrow()) {
        return ensureBridge(settings, ranges, leases, borrowed.kernel());
      } catch (IOException e) {
        bridge = null;
        throw e;
      }
    }
  }

  private List<RouteOperation> ensureBridge(
      BridgeSettings settings, List<Usage> ranges, List<Lease> leases, RouteKernel host)
      throws IOException {
    List<RouteOperation> operations = new ArrayList<>();
    Link link = host.link(settings.name());
    if (link == null) {
      List<RouteOperation> creation = BridgePlan.create(settings, ranges);
      host.applyAll(creation);
      operations.addAll(creation);
      link = host.link(settings.name());
    }
    if (link == null || !(link.kind() instanceof LinkKind.Bridge)) {
      throw new IOException(
          "the link "
              + settings.name()
              + " exists and is not a bridge; remove it or configure another bridge name");
    }
    List<Link> links = host.links();
    List<RouteOperation> correction =
        BridgePlan.correct(settings, ranges, link, host.addresses(link.index()), links, leases);
    host.applyAll(correction);
    operations.addAll(correction);
    operations.addAll(Shaping.repair(leases, links, host));
    addresses =
        host.addresses(link.index()).stream()
            .map(LinkAddress::address)
            .collect(Collectors.toUnmodifiableSet());
    gateways = ranges.stream().map(Usage::gateway).collect(Collectors.toUnmodifiableSet());
    bridge = correction.isEmpty() ? link : host.link(link.index());
    return operations;
  }

  /**
   * What {@link #ensureBridge} would change, and which links of attachments are missing or too
   * much. Changes nothing.
   *
   * @param passing whether an attachment comes or goes just now
   * @throws IOException if the links cannot be read, or another kind of link has the bridge's name
   */
  public Comparison compare(
      BridgeSettings settings,
      List<Usage> ranges,
      List<Lease> leases,
      Predicate<AttachmentKey> passing)
      throws IOException {
    synchronized (bridgeLock) {
      try (Borrowed borrowed = hosts.borrow()) {
        return BridgeComparison.of(borrowed.kernel(), settings, ranges, leases, passing);
      }
    }
  }

  /** Another request may have made the bridge again already. */
  private void forget(Link deleted) {
    synchronized (bridgeLock) {
      if (deleted.equals(bridge)) {
        bridge = null;
      }
    }
  }

  /** The name of the host's end of an attachment. */
  public static String hostName(AttachmentKey key) {
    return HostLink.name(key);
  }

  /**
   * What the bridge had when {@link #ensureBridge} left it: the gateways, former ones that are
   * still in use, and what others added.
   */
  public Set<IpAddress> bridgeAddresses() {
    return addresses;
  }

  /**
   * The MAC address of the pod's end of an attachment: the one that was asked for with it, or one
   * that follows from its first address.
   */
  public static MacAddress podMac(Lease lease) {
    MacAddress asked = lease.options().port().mac();
    return asked != null ? asked : HostLink.macOf(lease.addresses().getFirst());
  }

  /**
   * Whether {@link #ensureBridge} has succeeded, and nothing has shown the bridge missing since.
   */
  public boolean isReady() {
    return bridge != null;
  }

  /**
   * Whether an event shows the bridge or a port other than {@link #ensureBridge} left it, and that
   * is not already history: the links of a pod that is deleted leave the bridge too.
   *
   * @throws IOException if the kernel cannot be asked
   */
  public boolean isDisturbedBy(RouteEvent event) throws IOException {
    Link current = bridge;
    if (current == null || !BridgePlan.isDisturbance(event, current, gateways)) {
      return false;
    }
    if (event instanceof RouteEvent.Deleted(Link shaper) && HostLink.isShaper(shaper)) {
      // With its attachment, or from under it?
      try (Borrowed borrowed = hosts.borrow()) {
        return borrowed.kernel().link(HostLink.portOfShaper(shaper)) != null;
      }
    }
    if (event instanceof RouteEvent.Changed(Link link)) {
      try (Borrowed borrowed = hosts.borrow()) {
        Link now = borrowed.kernel().link(link.index());
        return now != null
            && BridgePlan.isDisturbance(new RouteEvent.Changed(now), current, gateways);
      }
    }
    return true;
  }

  /**
   * Attaches a pod. What it did before it failed stays, for the caller to {@link #remove}.
   *
   * @param namespace the pod's, which stays the caller's
   * @param pod a socket in the pod's namespace, which stays the caller's
   * @param begun called once there may be something to remove
   * @throws CniException ALREADY_ATTACHED if the pod has an interface of that name, TRY_AGAIN if
   *     the bridge is missing, KERNEL_FAILURE otherwise
   */
  public Attached attach(
      Lease lease,
      List<Allocation> allocations,
      int mtu,
      OwnedDescriptor namespace,
      RouteKernel pod,
      Runnable begun)
      throws CniException {
    Link current = bridge;
    if (current == null) {
      throw new CniException(CniErrorCode.TRY_AGAIN, "the pod bridge is not set up yet");
    }
    MacAddress podMac = podMac(lease);
    try {
      requireStillThere(current);
      Failure failure;
      try {
        failure = createPair(AttachPlan.onHost(lease, current.index(), mtu, podMac, namespace));
      } catch (IOException e) {
        begun.run(); // Nobody knows what took effect.
        throw e;
      }
      if (failure != null && failure.operation() instanceof AddVethPair) {
        throw refusal(lease.key(), current, failure); // What is there is not of this attachment.
      }
      begun.run();
      if (failure != null) {
        throw kernelFailure("the pod cannot join the bridge", failure.cause());
      }
      shape(lease, pod);
      List<Route> routes = configurePod(lease, allocations, pod);
      return new Attached(
          current, HostLink.name(lease.key()), HostLink.mac(lease.key()), podMac, routes);
    } catch (IOException e) {
      throw kernelFailure("the pod's interface cannot be set up", e);
    }
  }

  private @Nullable Failure createPair(List<RouteOperation> plan) throws IOException {
    try (Borrowed borrowed = hosts.borrow()) {
      List<Failure> failures = borrowed.kernel().apply(plan);
      return failures.isEmpty() ? null : failures.getFirst();
    }
  }

  private CniException refusal(AttachmentKey key, Link current, Failure failure)
      throws IOException, CniException {
    if (failure.cause().isExisting()) {
      return new CniException(
          CniErrorCode.ALREADY_ATTACHED,
          "the container already has an interface "
              + key.interfaceName()
              + ", or the host the link "
              + HostLink.name(key)
              + "; delete the attachment first",
          failure.cause());
    }
    requireStillThere(current);
    return kernelFailure("the pod's interface cannot be made", failure.cause());
  }

  /** A pod joins a bridge by its index, which another link may have by now. */
  private void requireStillThere(Link current) throws IOException, CniException {
    try (Borrowed borrowed = hosts.borrow()) {
      Link now = borrowed.kernel().link(current.index());
      if (now == null || !now.name().equals(current.name())) {
        forget(current);
        throw new CniException(
            CniErrorCode.TRY_AGAIN,
            "the pod bridge " + current.name() + " has been deleted or renamed");
      }
    }
  }

  /** Before the pod's interface is up, so that nothing goes past a limit. */
  private void shape(Lease lease, RouteKernel pod) throws IOException {
    if (lease.options().bandwidth().equals(Bandwidth.UNLIMITED)) {
      return;
    }
    try (Borrowed borrowed = hosts.borrow()) {
      Link port = require(borrowed.kernel(), HostLink.name(lease.key()));
      if (!Shaping.apply(lease, port, borrowed.kernel())) {
        Shaping.applyInPod(lease, require(pod, lease.key().interfaceName()), pod);
      }
    }
  }

  private static Link require(RouteKernel kernel, String name) throws IOException {
    Link link = kernel.link(name);
    if (link == null) {
      throw new IOException("the interface " + name + " vanished");
    }
    return link;
  }

  private static List<Route> configurePod(
      Lease lease, List<Allocation> allocations, RouteKernel pod) throws IOException {
    Link link = require(pod, lease.key().interfaceName());
    List<Route> routes = new ArrayList<>();
    List<RouteOperation> operations =
        AttachPlan.inPod(link.index(), allocations, lease.options().port().defaultRoute());
    List<Failure> failures = pod.apply(operations);
    for (RouteOperation operation : operations) {
      if (operation instanceof Add(Route route)) {
        routes.add(route);
      }
    }
    for (Failure failure : failures) {
      // A pod's first interface keeps the default route.
      if (failure.operation() instanceof Add(Route route) && failure.cause().isExisting()) {
        routes.remove(route);
      } else if (failure.operation() instanceof Add(LinkAddress address)
          && address.address().family() == AddressFamily.IPV6
          && failure.cause().isForbidden()) {
        throw new IOException(
            "IPv6 is disabled in the pod, and "
                + address.address()
                + " is its address; set net.ipv6.conf.default.disable_ipv6=0 there",
            failure.cause());
      } else {
        throw failure.cause();
      }
    }
    return routes;
  }

  /**
   * Removes the links of attachments, all at once; of those that have none nothing is left to do. A
   * foreign link under the name of one of ours is none.
   *
   * @return why those could not be removed that could not; they may be asked for again
   * @throws IOException if it is unknown which are gone
   */
  public Map<AttachmentKey, IOException> remove(Collection<AttachmentKey> keys) throws IOException {
    try (Borrowed borrowed = hosts.borrow()) {
      return LinkRemoval.remove(keys, borrowed.kernel());
    }
  }

  /**
   * Whether an attachment has links on the host, whatever leases say.
   *
   * @throws IOException if the kernel cannot be asked
   */
  public boolean hasLinks(AttachmentKey key) throws IOException {
    try (Borrowed borrowed = hosts.borrow()) {
      return !LinkRemoval.linksOf(key, borrowed.kernel()).isEmpty();
    }
  }

  /** What the host's links tell of attachments, whatever leases say. */
  public List<Lease> attachments() throws IOException {
    try (Borrowed borrowed = hosts.borrow()) {
      return borrowed.kernel().links().stream()
          .map(link -> Optional.ofNullable(HostLink.lease(link.alias())))
          .flatMap(Optional::stream)
          .toList();
    }
  }

  /**
   * Whether an attachment has a link on the host.
   *
   * @throws CniException KERNEL_FAILURE if the kernel cannot be asked
   */
  public boolean isLinked(AttachmentKey key) throws CniException {
    try {
      return hostLink(key) != null;
    } catch (IOException e) {
      throw kernelFailure("the link " + HostLink.name(key) + " cannot be looked at", e);
    }
  }

  /** The attachment that a link on the host is of, as its alias says. */
  public static Optional<AttachmentKey> attachmentOf(Link link) {
    return Optional.ofNullable(HostLink.lease(link.alias())).map(Lease::key);
  }

  /** The host's end of an attachment, or null if it is gone. */
  @Nullable Link hostLink(AttachmentKey key) throws IOException {
    try (Borrowed borrowed = hosts.borrow()) {
      return borrowed.kernel().link(HostLink.name(key));
    }
  }

  @Nullable Link bridge() {
    return bridge;
  }

  /** Removes the bridge and all attachments; for the end of an installation, not of the agent. */
  public List<RouteOperation> removeAll() throws IOException {
    synchronized (bridgeLock) {
      bridge = null;
      try (Borrowed borrowed = hosts.borrow()) {
        List<RouteOperation> operations = BridgePlan.remove(borrowed.kernel().links());
        borrowed.kernel().applyAll(operations);
        return operations;
      }
    }
  }

  private static CniException kernelFailure(String sentence, IOException cause) {
    return new CniException(
        CniErrorCode.KERNEL_FAILURE, sentence + ": " + cause.getMessage(), cause);
  }

  @Override
  public void close() {
    hosts.close();
  }
}
