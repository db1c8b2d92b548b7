/** What policies denied, told as flows: kept, logged, counted and served to whoever asks. */
@NullMarked
package io.fairlead.agent.subsystem.policy.flow;

import org.jspecify.annotations.NullMarked;
