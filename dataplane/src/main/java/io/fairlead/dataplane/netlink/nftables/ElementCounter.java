package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.nftables.expression.Bytes;

/**
 * What an element has counted since it was added.
 *
 * @param key the element's
 * @param packets that the element was found for
 * @param bytes of these packets, with their network headers
 */
public record ElementCounter(Bytes key, long packets, long bytes) {}
