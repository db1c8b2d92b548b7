package io.fairlead.ipvs;

import io.fairlead.dataplane.netlink.ipvs.IpvsKernel;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.route.RouteKernel;

/**
 * What Services over IPVS are made of, all in one network namespace. Kept and closed by whoever
 * opened it, and used by nobody else at the same time.
 */
public record IpvsKernels(IpvsKernel ipvs, NfTablesKernel tables, RouteKernel routes) {}
