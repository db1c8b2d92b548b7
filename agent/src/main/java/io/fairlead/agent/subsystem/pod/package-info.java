/** Pods of this node beside their links: host ports, the guard of their ports, views of them. */
@NullMarked
package io.fairlead.agent.subsystem.pod;

import org.jspecify.annotations.NullMarked;
