/**
 * What carries chains into the kernel, for each variant of iptables: through nf_tables netlink in
 * the form of iptables-nft, or by the legacy programs.
 */
@NullMarked
package io.fairlead.iptables.kernel;

import org.jspecify.annotations.NullMarked;
