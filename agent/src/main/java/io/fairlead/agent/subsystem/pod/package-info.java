/**
 * Pods of this node beside their links: host ports, the guard of their ports, and what people see
 * of them.
 */
@NullMarked
package io.fairlead.agent.subsystem.pod;

import org.jspecify.annotations.NullMarked;
