/** What the last rounds of the reconciling thread were about, and what they did to the kernel. */
@NullMarked
package io.fairlead.agent.history;

import org.jspecify.annotations.NullMarked;
