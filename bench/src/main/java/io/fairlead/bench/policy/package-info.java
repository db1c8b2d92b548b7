/**
 * How fast a change of a pod or of a NetworkPolicy is enforced, beside a rival in the same run;
 * what a first sync, memory, a connection and bulk traffic cost with many policies.
 */
@NullMarked
package io.fairlead.bench.policy;

import org.jspecify.annotations.NullMarked;
