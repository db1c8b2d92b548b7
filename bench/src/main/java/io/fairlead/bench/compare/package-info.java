/** Says which cells of one result are worse than those of another, beyond noise. */
@NullMarked
package io.fairlead.bench.compare;

import org.jspecify.annotations.NullMarked;
