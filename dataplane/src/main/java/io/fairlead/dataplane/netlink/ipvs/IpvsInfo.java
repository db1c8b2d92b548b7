package io.fairlead.dataplane.netlink.ipvs;

/**
 * About the kernel's IPVS.
 *
 * @param version for example "1.2.1"
 * @param connectionTableSize how many buckets the hash table of connections has; since Linux 7 each
 *     namespace has its own, and 0 before its first virtual server
 */
public record IpvsInfo(String version, int connectionTableSize) {}
