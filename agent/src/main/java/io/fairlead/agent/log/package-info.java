/** Structured logs on stderr, as aligned text or JSON lines. */
@NullMarked
package io.fairlead.agent.log;

import org.jspecify.annotations.NullMarked;
