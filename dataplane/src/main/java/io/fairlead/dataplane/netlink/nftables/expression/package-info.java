/**
 * The expressions that rules are made of (linux/netfilter/nf_tables.h), and the fields and data
 * types that rules load and sets are keyed by. Registers are named by the index of their first
 * 4-byte word, 0 to 15.
 */
@NullMarked
package io.fairlead.dataplane.netlink.nftables.expression;

import org.jspecify.annotations.NullMarked;
