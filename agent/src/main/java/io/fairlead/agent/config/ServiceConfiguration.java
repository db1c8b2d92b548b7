package io.fairlead.agent.config;

/**
 * How Services are programmed, whatever the backend.
 *
 * @param masqueradeAll whether all clients of cluster IPs are masqueraded
 * @param masqueradeBit the bit of the packet mark that requests masquerade, 0 to 31
 * @param iptablesVariant only of use in proxy-mode iptables
 * @param ipvs only of use in proxy-mode ipvs
 */
public record ServiceConfiguration(
    NodePortAddresses nodePortAddresses,
    DetectLocal detectLocal,
    boolean masqueradeAll,
    int masqueradeBit,
    IptablesVariant iptablesVariant,
    IpvsConfiguration ipvs) {}
