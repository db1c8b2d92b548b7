package io.fairlead.cni.attach;

import io.fairlead.cni.attachment.Bandwidth;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkKind;
import io.fairlead.dataplane.netlink.route.LinkSelector;
import io.fairlead.dataplane.netlink.route.LinkSettings;
import io.fairlead.dataplane.netlink.route.QueueDiscipline;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddIngress;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.AddRedirect;
import io.fairlead.dataplane.netlink.route.RouteOperation.ChangeLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.DeleteIngress;
import io.fairlead.dataplane.netlink.route.RouteOperation.DeleteLink;
import io.fairlead.dataplane.netlink.route.RouteOperation.SetTokenBucket;
import io.fairlead.dataplane.netlink.route.TokenBucket;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds pods to their bandwidth, from the host's side alone. What a pod is sent goes through a
 * token bucket on the host's end of its link. What it sends is turned, as it comes in there, to an
 * intermediate device of its own, whose token bucket gives it back.
 */
final class Shaping {

  private static final Logger LOG = LoggerFactory.getLogger(Shaping.class);

  private static final LinkKind INTERMEDIATE = new LinkKind.Other("ifb");
  private static final int BITS = 8;

  /** A burst that nobody asked for: what the rate lets through in this part of a second... */
  private static final int BURST_FRACTION = 10;

  /** ...and at least this, in bytes: half of what the kernel puts together in one piece. */
  private static final long LEAST_BURST = 32 * 1024;

  /** A packet must fit in a burst, or it never goes; in bytes, with room for its headers. */
  private static final int HEADERS = 64;

  /** How long a packet may wait for tokens: 25 ms, in parts of a second. */
  private static final int LATENCY_FRACTION = 40;

  private Shaping() {}

  /** The token bucket of a rate and a burst in bits, 0 for a burst that suits the rate. */
  static TokenBucket bucket(long rate, long burst, int mtu) {
    long bytes = Math.max(1, rate / BITS);
    long tokens = burst == 0 ? Math.max(bytes / BURST_FRACTION, LEAST_BURST) : burst / BITS;
    tokens = Math.min(Math.max(tokens, mtu + HEADERS), Integer.MAX_VALUE / 4);
    long limit = Math.min(tokens + bytes / LATENCY_FRACTION, Integer.MAX_VALUE / 2);
    return new TokenBucket(bytes, (int) tokens, (int) limit);
  }

  /**
   * Shapes a new attachment.
   *
   * @param port the host's end of its link
   * @return false if this kernel cannot shape what the pod sends from here; nothing is left of the
   *     attempt then
   * @throws IOException if the kernel refuses
   */
  static boolean apply(Lease lease, Link port, RouteKernel host) throws IOException {
    Bandwidth bandwidth = lease.options().bandwidth();
    if (bandwidth.ingressRate() > 0) {
      host.applyAll(toPod(bandwidth, port));
    }
    if (bandwidth.egressRate() == 0) {
      return true;
    }
    try {
      shapeSending(lease, port, host);
      return true;
    } catch (NetlinkException e) {
      if (!e.isUnsupported() && e.errno() != Errno.ENOENT) {
        throw e;
      }
      LOG.warn(
          "This kernel cannot shape what {} sends on the host ({}); its own interface does.",
          lease.key(),
          e.getMessage());
      unshapeSending(lease, port, host);
      return false;
    }
  }

  private static void unshapeSending(Lease lease, Link port, RouteKernel host) throws IOException {
    host.apply(
        List.of(
            new DeleteIngress(port.index()),
            new DeleteLink(LinkSelector.of(HostLink.shaperName(lease.key())))));
  }

  /** Shapes what a pod sends in the pod itself, which has to put up with it. */
  static void applyInPod(Lease lease, Link podLink, RouteKernel pod) throws IOException {
    Bandwidth bandwidth = lease.options().bandwidth();
    pod.applyAll(
        new SetTokenBucket(
            podLink.index(),
            bucket(bandwidth.egressRate(), bandwidth.egressBurst(), podLink.mtu())));
  }

  private static RouteOperation toPod(Bandwidth bandwidth, Link port) {
    return new SetTokenBucket(
        port.index(), bucket(bandwidth.ingressRate(), bandwidth.ingressBurst(), port.mtu()));
  }

  private static List<RouteOperation> shapeSending(Lease lease, Link port, RouteKernel host)
      throws IOException {
    AttachmentKey key = lease.key();
    String name = HostLink.shaperName(key);
    List<RouteOperation> operations = new ArrayList<>();
    operations.add(
        new AddLink(name, INTERMEDIATE, LinkSettings.NONE.withMtu(port.mtu()).withUp(true)));
    operations.add(
        new ChangeLink(
            LinkSelector.of(name), LinkSettings.NONE.withAlias(HostLink.shaperAlias(key))));
    host.applyAll(operations);
    Link shaper = host.link(name);
    if (shaper == null) {
      throw new IOException("the link " + name + " vanished");
    }
    Bandwidth bandwidth = lease.options().bandwidth();
    List<RouteOperation> rest =
        List.of(
            new SetTokenBucket(
                shaper.index(),
                bucket(bandwidth.egressRate(), bandwidth.egressBurst(), port.mtu())),
            new AddIngress(port.index()),
            new AddRedirect(port.index(), shaper.index()));
    host.applyAll(rest);
    operations.addAll(rest);
    return operations;
  }

  /**
   * Brings back what is missing of the shaping of attachments, and takes away devices whose
   * attachment has no link any more.
   *
   * @param links all of the host
   * @return the operations it took
   */
  static List<RouteOperation> repair(List<Lease> leases, List<Link> links, RouteKernel host)
      throws IOException {
    List<RouteOperation> operations = new ArrayList<>();
    List<Lease> shaped =
        leases.stream()
            .filter(lease -> !lease.options().bandwidth().equals(Bandwidth.UNLIMITED))
            .toList();
    List<QueueDiscipline> queues = shaped.isEmpty() ? List.of() : host.queueDisciplines();
    for (Lease lease : shaped) {
      Link port = find(links, HostLink.name(lease.key()));
      if (port != null) {
        try {
          repair(lease, port, links, queues, host, operations);
        } catch (NetlinkException e) {
          // Others must not go unshaped for it, and its link may have gone meanwhile.
          LOG.warn("The bandwidth of {} cannot be limited: {}", lease.key(), e.getMessage());
        }
      }
    }
    for (Link link : links) {
      if (HostLink.isShaper(link) && find(links, HostLink.portOfShaper(link)) == null) {
        RouteOperation deletion = new DeleteLink(LinkSelector.of(link.index()));
        host.apply(List.of(deletion)); // Whoever is quicker.
        operations.add(deletion);
      }
    }
    return operations;
  }

  private static void repair(
      Lease lease,
      Link port,
      List<Link> links,
      List<QueueDiscipline> queues,
      RouteKernel host,
      List<RouteOperation> operations)
      throws IOException {
    Bandwidth bandwidth = lease.options().bandwidth();
    if (bandwidth.ingressRate() > 0 && !hasBucket(port, bandwidth.ingressRate(), queues)) {
      RouteOperation toPod = toPod(bandwidth, port);
      host.applyAll(toPod);
      operations.add(toPod);
    }
    if (bandwidth.egressRate() == 0) {
      return;
    }
    Link shaper = find(links, HostLink.shaperName(lease.key()));
    boolean turned =
        queues.stream()
            .anyMatch(q -> q.linkIndex() == port.index() && q.kernelName().equals("ingress"));
    if (shaper == null
        || !turned
        || !shaper.isUp()
        || !hasBucket(shaper, bandwidth.egressRate(), queues)) {
      unshapeSending(lease, port, host); // A filter that turns to a device that is gone drops all.
      operations.addAll(shapeSending(lease, port, host));
    }
  }

  private static boolean hasBucket(Link link, long rate, List<QueueDiscipline> queues) {
    for (QueueDiscipline queue : queues) {
      TokenBucket bucket = queue.bucket();
      if (queue.linkIndex() == link.index() && queue.root() && bucket != null) {
        return bucket.rate() == Math.max(1, rate / BITS);
      }
    }
    return false;
  }

  private static @Nullable Link find(List<Link> links, String name) {
    for (Link link : links) {
      if (link.name().equals(name)) {
        return link;
      }
    }
    return null;
  }
}
