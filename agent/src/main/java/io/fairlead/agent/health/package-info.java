/**
 * What load balancers ask a node: whether it is healthy, and whether a Service's endpoints are
 * here.
 */
@NullMarked
package io.fairlead.agent.health;

import org.jspecify.annotations.NullMarked;
