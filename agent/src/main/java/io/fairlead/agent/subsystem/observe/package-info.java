/** What happens on this node, told to whoever asks and for as long as somebody listens. */
@NullMarked
package io.fairlead.agent.subsystem.observe;

import org.jspecify.annotations.NullMarked;
