package io.fairlead.cni.attach;

import io.fairlead.cni.ipam.AddressPool.Usage;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.Difference;
import io.fairlead.dataplane.evidence.RouteComparison;
import io.fairlead.dataplane.netlink.route.Link;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.RecordingRoutes;
import io.fairlead.dataplane.netlink.route.Route;
import io.fairlead.dataplane.netlink.route.RouteEntry;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Compares the bridge and the host's ends of attachments with what they should be. */
final class BridgeComparison {

  private static final String LINKS = "links";

  private BridgeComparison() {}

  /**
   * Reads only.
   *
   * @param passing whether an attachment comes or goes just now: then its link may be there or not
   */
  static Comparison of(
      RouteKernel kernel,
      BridgeSettings settings,
      List<Usage> ranges,
      List<Lease> leases,
      Predicate<AttachmentKey> passing)
      throws IOException {
    RecordingRoutes reader = new RecordingRoutes(kernel);
    try (BridgeNetwork fresh = new BridgeNetwork(() -> reader)) {
      var _ = fresh.ensureBridge(settings, ranges, leases);
    }
    Link bridge = reader.link(settings.name());
    return RouteComparison.of(reader, new OfBridge(bridge))
        .plus(links(kernel.links(), leases, passing));
  }

  private record OfBridge(@Nullable Link bridge) implements RouteComparison.Ours {

    @Override
    public boolean entry(RouteEntry entry) {
      return bridge != null
          && entry instanceof LinkAddress address
          && address.linkIndex() == bridge.index()
          && address.protocol() == Route.PROTOCOL_FAIRLEAD;
    }

    @Override
    public List<Link> links() {
      return bridge == null ? List.of() : List.of(bridge);
    }
  }

  private static Comparison links(
      List<Link> links, List<Lease> leases, Predicate<AttachmentKey> passing) {
    Comparison.Builder result = new Comparison.Builder();
    Set<AttachmentKey> linked = new HashSet<>();
    Set<AttachmentKey> leased = new HashSet<>();
    leases.forEach(lease -> leased.add(lease.key()));
    for (Link link : links) {
      Lease told = HostLink.lease(link.alias());
      if (told == null) {
        continue;
      }
      linked.add(told.key());
      if (!leased.contains(told.key()) && !passing.test(told.key())) {
        result.add(Difference.extra(LINKS, link.name() + " alias \"" + link.alias() + "\""));
      } else if (!link.name().equals(HostLink.name(told.key()))) {
        result.add(Difference.different(LINKS, HostLink.name(told.key()), link.name()));
      } else if (!link.isUp()) {
        result.add(Difference.different(LINKS, link.name() + " up", link.name() + " down"));
      } else {
        result.right(LINKS, 1);
      }
    }
    for (Lease lease : leases) {
      if (!linked.contains(lease.key()) && !passing.test(lease.key())) {
        String pod = lease.pod() == null ? "" : " of " + lease.pod();
        result.add(Difference.missing(LINKS, HostLink.name(lease.key()) + pod));
      }
    }
    return result.build();
  }
}
