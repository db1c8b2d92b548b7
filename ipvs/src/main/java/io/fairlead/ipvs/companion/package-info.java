/**
 * What IPVS itself cannot do, in an nf_tables table of its own: masquerade, source ranges,
 * refusals, and telling clients inside from those outside.
 */
@NullMarked
package io.fairlead.ipvs.companion;

import org.jspecify.annotations.NullMarked;
