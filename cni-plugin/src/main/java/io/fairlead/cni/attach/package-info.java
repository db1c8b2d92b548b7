/**
 * Pods on a bridge: a veth pair per attachment, one end a port of the bridge, the other born in the
 * pod's network namespace. What to do is computed by pure functions; {@link BridgeNetwork} does it.
 */
@NullMarked
package io.fairlead.cni.attach;

import org.jspecify.annotations.NullMarked;
