package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.nftables.expression.Bytes;

/**
 * The keys that a set should have.
 *
 * @param count how many {@code keys} has; 0 or more
 * @param keys each once, of the set's length, in any order; may make them while they are asked for
 */
public record ExpectedKeys(long count, Iterable<Bytes> keys) {}
