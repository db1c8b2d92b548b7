/** What the kernel holds beside what it should hold, and what it would hold if. */
@NullMarked
package io.fairlead.agent.verify;

import org.jspecify.annotations.NullMarked;
