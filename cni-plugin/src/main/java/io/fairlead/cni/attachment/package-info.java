/**
 * What a runtime may ask for with an attachment beside an interface and addresses: how its port on
 * the bridge behaves, host ports, bandwidth. Part of the lease, so that it survives the agent.
 */
@NullMarked
package io.fairlead.cni.attachment;

import org.jspecify.annotations.NullMarked;
