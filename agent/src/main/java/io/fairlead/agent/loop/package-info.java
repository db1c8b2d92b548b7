/** The one reconciling thread: changes in, dirty keys out, subsystems applied, failures retried. */
@NullMarked
package io.fairlead.agent.loop;

import org.jspecify.annotations.NullMarked;
