/** Sends one packet of a pod, or of this node, and tells what became of it. */
@NullMarked
package io.fairlead.agent.probe;

import org.jspecify.annotations.NullMarked;
