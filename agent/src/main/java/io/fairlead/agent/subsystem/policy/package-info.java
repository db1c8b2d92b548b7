/**
 * NetworkPolicies of this node: the records go into an Enforcement, what it wants goes to the
 * kernel, and pods are let in when it is there.
 */
@NullMarked
package io.fairlead.agent.subsystem.policy;

import org.jspecify.annotations.NullMarked;
