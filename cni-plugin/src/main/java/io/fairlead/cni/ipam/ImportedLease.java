package io.fairlead.cni.ipam;

import io.fairlead.dataplane.model.IpAddress;

/**
 * An address that a container has from the network that was on this node before.
 *
 * @param containerId empty if the lease does not say
 * @param interfaceName in the container; empty if the lease does not say
 */
public record ImportedLease(IpAddress address, String containerId, String interfaceName) {

  /** Whether it is one of that container's interface, as far as it says. */
  boolean isOf(String container, String name) {
    return containerId.equals(container) && (interfaceName.isEmpty() || interfaceName.equals(name));
  }
}
