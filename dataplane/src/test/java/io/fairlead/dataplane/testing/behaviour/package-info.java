/**
 * What every Service backend does to packets: one suite, whose expectations are derived from the
 * meaning of Services and not from any backend.
 */
@NullMarked
package io.fairlead.dataplane.testing.behaviour;

import org.jspecify.annotations.NullMarked;
