package io.fairlead.agent.why;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.service.EndpointAddress;
import org.jspecify.annotations.Nullable;

/**
 * The first packet of a connection, as it leaves its sender.
 *
 * @param source who sends
 * @param sourceAddress of the same family as {@code destination}
 * @param port 1 to 65535; 0 for ICMP
 * @param entry the node whose kernel meets it first; null if that is not known
 * @param here whether that is this node
 */
record Packet(
    Party source,
    IpAddress sourceAddress,
    IpAddress destination,
    int port,
    Transport transport,
    @Nullable NodeRecord entry,
    boolean here) {

  /** "10.96.0.10:53/udp", or "10.244.1.2/icmp". */
  String target() {
    return target(destination, port);
  }

  String target(IpAddress address, int number) {
    return (transport == Transport.ICMP
            ? address.toString()
            : new EndpointAddress(address, number).toString())
        + "/"
        + transport.text();
  }

  /** The name of the node whose kernel meets it first. */
  String entryName() {
    return entry == null ? "its node" : entry.name();
  }

  /** Whether it comes from a pod of the node whose kernel meets it first. */
  boolean isFromPodOfEntry() {
    return source instanceof Party.OfPod pod && entry != null && entry.name().equals(pod.node());
  }

  /** Whether the node whose kernel meets it first sends it itself. */
  boolean isFromEntry() {
    return source instanceof Party.OfNode node
        && entry != null
        && entry.name().equals(node.node().name());
  }
}
