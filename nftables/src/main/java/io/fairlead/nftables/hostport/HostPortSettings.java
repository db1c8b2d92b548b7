package io.fairlead.nftables.hostport;

/**
 * What the rules depend on.
 *
 * @param bridge the name of the bridge that pods are attached to
 * @param randomFully whether the ports of masqueraded connections are drawn at random
 */
public record HostPortSettings(String bridge, boolean randomFully) {}
