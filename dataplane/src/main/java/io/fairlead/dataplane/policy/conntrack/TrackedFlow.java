package io.fairlead.dataplane.policy.conntrack;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.TransportKey.Ports;
import io.fairlead.dataplane.policy.Flow;
import java.util.Arrays;
import java.util.Set;

/**
 * Reads from an entry what policies saw of its first packet. Whoever answers is the real
 * destination, whether nf_tables, iptables or IPVS put it in place of a Service's address; the
 * original source is the one before masquerading.
 */
final class TrackedFlow {

  private TrackedFlow() {}

  /**
   * The flow of an entry.
   *
   * @param own the node's own addresses
   */
  static Flow of(ConntrackEntry entry, Set<IpAddress> own) {
    IpAddress source = entry.original().source();
    return new Flow(
        own.contains(source) ? Flow.Origin.OWN_NODE : Flow.Origin.NETWORK,
        source,
        entry.reply().source(),
        entry.protocol(),
        port(entry));
  }

  private static int port(ConntrackEntry entry) {
    // The kernel has ports, or keys in their place, for protocols that policies know none of.
    boolean ported =
        Arrays.stream(Protocol.values()).anyMatch(one -> one.number() == entry.protocol());
    return ported && entry.reply().key() instanceof Ports ports ? ports.source() : Flow.NO_PORT;
  }
}
