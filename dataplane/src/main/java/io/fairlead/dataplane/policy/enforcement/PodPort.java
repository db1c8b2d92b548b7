package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.IpAddress;

/** A port of a pod's address that has the {@link PortName} in question. */
public record PodPort(IpAddress address, int port) {}
