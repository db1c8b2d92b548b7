/** Breaks everything around agents, in an order that follows from a seed, under watched traffic. */
@NullMarked
package io.fairlead.bench.chaos;

import org.jspecify.annotations.NullMarked;
