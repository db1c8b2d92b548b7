package io.fairlead.dataplane.netlink.ipvs;

/**
 * A real server as it is now.
 *
 * @param activeConnections established ones
 * @param inactiveConnections all others that are remembered: opening, closing, and all of UDP
 * @param persistentConnections clients that stay with it
 */
public record RealServerStatus(
    RealServer server,
    int activeConnections,
    int inactiveConnections,
    int persistentConnections,
    IpvsStatistics statistics) {}
