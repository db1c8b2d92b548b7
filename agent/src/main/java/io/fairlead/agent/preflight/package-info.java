/** What a host must offer for an agent to work: looked at before there is one, and judged. */
@NullMarked
package io.fairlead.agent.preflight;

import org.jspecify.annotations.NullMarked;
