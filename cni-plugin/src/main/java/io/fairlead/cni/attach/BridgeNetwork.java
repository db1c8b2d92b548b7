package io.fairlead.cni.attach;

import io.fairlead.cni.ipam.AddressPool.Usage;
import io.fairlead.cni.ipam.Allocation;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkKind;
import io.fairlead.dataplane.netlink.route.LinkSelector;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteKernel.Failure;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.netlink.route.RouteOperation.Add;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddVethPair;
import io.fairlead.dataplane.netlink.route.RouteOperation.DeleteLink;
import io.fairlead.dataplane.sys.OwnedDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernel's side of attachments: the bridge and its ports on the host, and the other ends in
 * pods. Thread-safe: requests take turns at the host's socket, as they would at the kernel's
 * routing lock.
 */
public final class BridgeNetwork implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(BridgeNetwork.class);

  private final RouteKernel host;
  private @Nullable Link bridge;

  /** Takes over {@code host}, a socket in the host's network namespace. */
  public BridgeNetwork(RouteKernel host) {
    this.host = host;
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
   * Makes or corrects the bridge, and makes ports of pods' links that have lost it.
   *
   * @param ranges at least one
   * @return the operations it took, none if all was well
   * @throws IOException if the kernel refuses, or another kind of link has the bridge's name
   */
  public synchronized List<RouteOperation> ensureBridge(
      BridgeSettings settings, List<Usage> ranges, List<Lease> leases) throws IOException {
    bridge = null;
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
    List<RouteOperation> correction =
        BridgePlan.correct(
            settings, ranges, link, host.addresses(link.index()), host.links(), leases);
    host.applyAll(correction);
    operations.addAll(correction);
    bridge = correction.isEmpty() ? link : host.link(link.index());
    return operations;
  }

  /** The name of the host's end of an attachment. */
  public static String hostName(AttachmentKey key) {
    return HostLink.name(key);
  }

  /**
   * Whether {@link #ensureBridge} has succeeded, and nothing has shown the bridge missing since.
   */
  public synchronized boolean isReady() {
    return bridge != null;
  }

  /**
   * Attaches a pod, and undoes everything if it cannot.
   *
   * @param mac of the pod's end, or null to derive it from the pod's address
   * @param namespace the pod's, which stays the caller's
   * @param pod a socket in the pod's namespace, which stays the caller's
   * @throws CniException ALREADY_ATTACHED if the pod has an interface of that name, TRY_AGAIN if
   *     the bridge is missing, KERNEL_FAILURE otherwise
   */
  public Attached attach(
      Lease lease,
      List<Allocation> allocations,
      int mtu,
      @Nullable MacAddress mac,
      OwnedDescriptor namespace,
      RouteKernel pod)
      throws CniException {
    MacAddress podMac = mac != null ? mac : HostLink.macOf(allocations.getFirst().address());
    String hostName = HostLink.name(lease.key());
    Link port = createPair(lease, mtu, podMac, namespace);
    boolean configured = false;
    try {
      List<Route> routes = configurePod(lease.key().interfaceName(), allocations, pod);
      configured = true;
      return new Attached(port, hostName, HostLink.mac(lease.key()), podMac, routes);
    } catch (IOException e) {
      throw kernelFailure("the pod's interface cannot be configured", e);
    } finally {
      if (!configured) {
        undo(hostName);
      }
    }
  }

  private synchronized Link createPair(
      Lease lease, int mtu, MacAddress podMac, OwnedDescriptor namespace) throws CniException {
    Link current = bridge;
    if (current == null) {
      throw new CniException(
          CniErrorCode.TRY_AGAIN, "the pod bridge is not there yet; the agent is setting it up");
    }
    try {
      List<Failure> failures =
          host.apply(AttachPlan.onHost(lease, current.index(), mtu, podMac, namespace));
      if (failures.isEmpty()) {
        return current;
      }
      Failure first = failures.getFirst();
      if (!(first.operation() instanceof AddVethPair)) {
        undo(HostLink.name(lease.key()));
        throw kernelFailure("the pod cannot join the bridge", first.cause());
      }
      // Nothing was made, and what made it fail is not ours to remove.
      if (first.cause().isExisting()) {
        throw new CniException(
            CniErrorCode.ALREADY_ATTACHED,
            "the container already has an interface "
                + lease.key().interfaceName()
                + ", or the host the link "
                + HostLink.name(lease.key())
                + "; delete the attachment first",
            first.cause());
      }
      if (host.link(current.index()) == null) {
        bridge = null;
        throw new CniException(
            CniErrorCode.TRY_AGAIN,
            "the pod bridge " + current.name() + " has been deleted; the agent makes it again",
            first.cause());
      }
      throw kernelFailure("the pod's interface cannot be made", first.cause());
    } catch (IOException e) {
      undo(HostLink.name(lease.key()));
      throw kernelFailure("the pod's interface cannot be made", e);
    }
  }

  private static List<Route> configurePod(
      String name, List<Allocation> allocations, RouteKernel pod) throws IOException {
    Link link = pod.link(name);
    if (link == null) {
      throw new IOException("the interface " + name + " vanished from the pod");
    }
    List<Route> routes = new ArrayList<>();
    List<RouteOperation> operations = AttachPlan.inPod(link.index(), allocations);
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
      } else {
        throw failure.cause();
      }
    }
    return routes;
  }

  /** Takes back what a failed ADD did; the failure itself is what the runtime hears of. */
  private synchronized void undo(String hostName) {
    try {
      deleteLink(hostName);
    } catch (IOException e) {
      LOG.warn("The link {} of a failed ADD could not be removed; DEL will.", hostName, e);
    }
  }

  private void deleteLink(String name) throws IOException {
    for (Failure failure : host.apply(List.of(new DeleteLink(LinkSelector.of(name))))) {
      if (!failure.cause().isNotFound()) {
        throw failure.cause();
      }
    }
  }

  /**
   * Removes an attachment's links; succeeds if there are none.
   *
   * @return whether there was one
   * @throws CniException KERNEL_FAILURE if the kernel refuses, or a foreign link has the name
   */
  public synchronized boolean detach(AttachmentKey key) throws CniException {
    String name = HostLink.name(key);
    try {
      Link link = host.link(name);
      if (link == null) {
        return false;
      }
      if (!HostLink.isOurs(link.alias())) {
        throw new CniException(
            CniErrorCode.KERNEL_FAILURE,
            "the link " + name + " is not fairlead's (its alias is \"" + link.alias() + "\")");
      }
      deleteLink(name);
      return true;
    } catch (IOException e) {
      throw kernelFailure("the link " + name + " cannot be removed", e);
    }
  }

  /** What the host's links tell of attachments, whatever leases say. */
  public synchronized List<Lease> attachments() throws IOException {
    return host.links().stream()
        .map(link -> Optional.ofNullable(HostLink.lease(link.alias())))
        .flatMap(Optional::stream)
        .toList();
  }

  /** The host's end of an attachment, or null if it is gone. */
  synchronized @Nullable Link hostLink(AttachmentKey key) throws IOException {
    return host.link(HostLink.name(key));
  }

  synchronized @Nullable Link bridge() {
    return bridge;
  }

  /** Removes the bridge and all attachments; for the end of an installation, not of the agent. */
  public synchronized List<RouteOperation> removeAll() throws IOException {
    List<RouteOperation> operations = BridgePlan.remove(host.links());
    host.applyAll(operations);
    bridge = null;
    return operations;
  }

  private static CniException kernelFailure(String sentence, IOException cause) {
    return new CniException(
        CniErrorCode.KERNEL_FAILURE, sentence + ": " + cause.getMessage(), cause);
  }

  @Override
  public synchronized void close() {
    host.close();
  }
}
