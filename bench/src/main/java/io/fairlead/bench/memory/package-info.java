/** What Services and policies take in memory: of the agent, and of the kernel. */
@NullMarked
package io.fairlead.bench.memory;

import org.jspecify.annotations.NullMarked;
