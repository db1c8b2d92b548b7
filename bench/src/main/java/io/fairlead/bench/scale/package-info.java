/** What a cluster beyond this machine would cost, computed from measured cells. */
@NullMarked
package io.fairlead.bench.scale;

import org.jspecify.annotations.NullMarked;
