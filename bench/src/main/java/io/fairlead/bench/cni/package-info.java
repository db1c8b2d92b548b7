/** What attaching and detaching a pod costs a container runtime, beside the reference plugins. */
@NullMarked
package io.fairlead.bench.cni;

import org.jspecify.annotations.NullMarked;
