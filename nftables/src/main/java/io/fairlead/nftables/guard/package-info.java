/**
 * Keeps pods from sending as somebody else: what the ports of a bridge take, as a table of
 * nf_tables' bridge family. NetworkPolicies tell pods by their addresses, and rely on it.
 */
@NullMarked
package io.fairlead.nftables.guard;

import org.jspecify.annotations.NullMarked;
