package io.fairlead.dataplane.netlink.ipvs;

/**
 * What the kernel counted since a server was made, and rates that it estimates. Since Linux 6.2 it
 * brings both up to date every 2 seconds only.
 *
 * @param connections scheduled
 * @param incomingPackets from clients
 * @param outgoingPackets to clients; only masquerade shows them to the kernel
 */
public record IpvsStatistics(
    long connections,
    long incomingPackets,
    long outgoingPackets,
    long incomingBytes,
    long outgoingBytes,
    long connectionsPerSecond,
    long incomingPacketsPerSecond,
    long outgoingPacketsPerSecond,
    long incomingBytesPerSecond,
    long outgoingBytesPerSecond) {

  public static final IpvsStatistics NONE = new IpvsStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
