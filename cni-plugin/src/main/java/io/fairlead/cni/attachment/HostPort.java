package io.fairlead.cni.attachment;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * A port of the node that leads to a pod.
 *
 * @param hostAddress the one address of the node that it is served on, or null for all of them; the
 *     unspecified addresses mean all of their family
 * @param hostPort 1 to 65535
 * @param containerPort 1 to 65535
 */
public record HostPort(
    Protocol protocol, @Nullable IpAddress hostAddress, int hostPort, int containerPort) {

  public HostPort {
    if (hostPort < 1 || hostPort > 65535 || containerPort < 1 || containerPort > 65535) {
      throw new IllegalArgumentException(
          "the host port " + hostPort + " to " + containerPort + " is not within 1 and 65535");
    }
  }
}
