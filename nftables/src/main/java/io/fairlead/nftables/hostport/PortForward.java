package io.fairlead.nftables.hostport;

import io.fairlead.dataplane.model.IpAddress;

/**
 * A port of the node that leads to a pod.
 *
 * @param pod of the same family as {@code at}
 * @param podPort 1 to 65535
 */
public record PortForward(HostSocket at, IpAddress pod, int podPort) {

  public PortForward {
    if (pod.family() != at.family()) {
      throw new IllegalArgumentException("the host port " + at + " cannot lead to " + pod);
    }
    if (podPort < 1 || podPort > 65535) {
      throw new IllegalArgumentException("the port " + podPort + " is not within 1 and 65535");
    }
  }
}
