/**
 * Pods come and go while the agent and the CNI binary are killed at random, and nothing is left of
 * them in the end.
 */
@NullMarked
package io.fairlead.bench.soak;

import org.jspecify.annotations.NullMarked;
