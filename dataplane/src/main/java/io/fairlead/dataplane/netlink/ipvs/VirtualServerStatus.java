package io.fairlead.dataplane.netlink.ipvs;

/** A virtual server as it is now, with the sums over all real servers that it has had. */
public record VirtualServerStatus(VirtualServer server, IpvsStatistics statistics) {}
