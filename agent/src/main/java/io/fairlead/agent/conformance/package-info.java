/**
 * Whether a CNI plugin does what the specification asks of it: {@link
 * io.fairlead.agent.conformance.Conformance} drives any plugin as a container runtime does, in
 * network namespaces of its own, and judges it obligation by obligation.
 */
@NullMarked
package io.fairlead.agent.conformance;

import org.jspecify.annotations.NullMarked;
