/**
 * How fast a change of a Service reaches the kernel and then traffic, beside rivals in the same
 * run; what a first sync, the agent's memory and a connection cost at that size.
 */
@NullMarked
package io.fairlead.bench.rules;

import org.jspecify.annotations.NullMarked;
