/** What the kernel keeps of a pod beside its links: host ports, and the guard of its port. */
@NullMarked
package io.fairlead.agent.subsystem.pod;

import org.jspecify.annotations.NullMarked;
