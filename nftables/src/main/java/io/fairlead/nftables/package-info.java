/**
 * The one nf_tables table of a node, {@code inet fairlead}: what every mode needs (masquerade,
 * invalid packets, refusals) and Services in nftables mode. Only this table is ever touched. What
 * is desired is pure; {@link io.fairlead.nftables.NftablesServices} compares it with what was
 * committed and sends the difference as one transaction.
 */
@NullMarked
package io.fairlead.nftables;

import org.jspecify.annotations.NullMarked;
