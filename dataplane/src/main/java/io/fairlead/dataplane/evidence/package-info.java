/** What is told of the kernel to people: objects that it holds, and where it differs. */
@NullMarked
package io.fairlead.dataplane.evidence;

import org.jspecify.annotations.NullMarked;
