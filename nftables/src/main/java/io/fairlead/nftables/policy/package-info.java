/**
 * NetworkPolicies as a table of nf_tables of their own, whatever Services go through: pods are
 * dispatched by their addresses to chains that those with the same policies share.
 */
@NullMarked
package io.fairlead.nftables.policy;

import org.jspecify.annotations.NullMarked;
