/** Connections that began before a policy forbade them, or that a pod's predecessor left behind. */
@NullMarked
package io.fairlead.dataplane.policy.conntrack;

import org.jspecify.annotations.NullMarked;
