/**
 * What a node has to enforce, kept at a cost of what changes: which pods are isolated by which
 * policies, and who is meant by their peers. Pure: no kernel, no clock.
 */
@NullMarked
package io.fairlead.dataplane.policy.enforcement;

import org.jspecify.annotations.NullMarked;
