/** What the node itself must offer: capabilities of this process and settings of the kernel. */
@NullMarked
package io.fairlead.agent.node;

import org.jspecify.annotations.NullMarked;
