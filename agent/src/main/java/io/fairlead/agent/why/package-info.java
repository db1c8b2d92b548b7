/**
 * Why a packet goes where it goes: what is asked, who is meant, the way that the packet takes, step
 * by step, and what the kernel holds for each step. {@link io.fairlead.agent.why.Walk} is a pure
 * function of {@link io.fairlead.agent.why.NodeFacts}.
 */
@NullMarked
package io.fairlead.agent.why;

import org.jspecify.annotations.NullMarked;
