/**
 * The composition root: wires configuration, source, loop, servers and subsystems into one agent.
 */
@NullMarked
package io.fairlead.agent;

import org.jspecify.annotations.NullMarked;
