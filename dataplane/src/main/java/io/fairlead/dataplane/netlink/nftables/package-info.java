/**
 * nf_tables over netlink (linux/netfilter/nf_tables.h): tables, chains, rules, sets and maps with
 * their elements, named counters; changed in transactions, read in consistent dumps, watched by
 * events. User data is written and read as libnftables does, so that {@code nft list ruleset} shows
 * what fairlead made, with names, types and comments.
 */
@NullMarked
package io.fairlead.dataplane.netlink.nftables;

import org.jspecify.annotations.NullMarked;
