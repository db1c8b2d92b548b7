package io.fairlead.agent.why;

import io.fairlead.agent.why.ServiceLookup.Found;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NodeRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where a packet goes in the end.
 *
 * @param party who has the address
 * @param port 1 to 65535; 0 for ICMP
 * @param node on which it is; null if on none, or not known
 * @param service that it is an endpoint of; null if it was addressed itself
 * @param seenSource the source address that the destination's node sees: the sender's own, or that
 *     of the node that replaced it
 */
record Target(
    Party party,
    IpAddress address,
    int port,
    @Nullable NodeRecord node,
    boolean here,
    Found.@Nullable Service service,
    IpAddress seenSource) {

  /** The pod of this node that it is, null if it is none. */
  @Nullable LocalPod local() {
    return party instanceof Party.OfPod pod ? pod.local() : null;
  }

  /** "10.244.1.2:80/tcp (pod default/web)". */
  String text(Packet packet) {
    String target = packet.target(address, port);
    return party instanceof Party.OfAddress ? target : target + " (" + party + where() + ")";
  }

  private String where() {
    return node == null || party instanceof Party.OfNode ? "" : " on " + node.name();
  }
}
