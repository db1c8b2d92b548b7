package io.fairlead.cni.ipam;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;

/**
 * An address that was handed out, with what a pod needs to use it.
 *
 * @param range the pod CIDR it is from
 * @param gateway the bridge's address in that range
 */
public record Allocation(IpAddress address, Cidr range, IpAddress gateway) {}
