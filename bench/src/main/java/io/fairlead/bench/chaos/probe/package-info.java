/** Traffic that goes on during a chaos run, and what became of it. */
@NullMarked
package io.fairlead.bench.chaos.probe;

import org.jspecify.annotations.NullMarked;
