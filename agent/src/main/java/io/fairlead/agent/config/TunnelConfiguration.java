package io.fairlead.agent.config;

/**
 * How packets travel between nodes, where {@link OverlayMode} leaves a choice.
 *
 * @param vni the VXLAN network identifier, 1 to 16777215
 * @param port the UDP port of VXLAN, 1 to 65535
 * @param directRouting whether nodes on the same network are reached without VXLAN
 * @param checksumOffload whether checksums of the VXLAN device are left to what is behind it
 * @param flannelAnnotations whether this node publishes flannel's annotations
 */
public record TunnelConfiguration(
    int vni,
    int port,
    boolean directRouting,
    ChecksumOffload checksumOffload,
    boolean flannelAnnotations) {}
