package io.fairlead.dataplane.netlink.ipvs;

/**
 * About the kernel's IPVS.
 *
 * @param version for example "1.2.1"
 * @param connectionTableSize how many buckets the hash table of connections has
 */
public record IpvsInfo(String version, int connectionTableSize) {}
