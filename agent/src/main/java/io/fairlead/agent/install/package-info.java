/**
 * What the agent installs for the container runtime: the CNI binary and, once pods can be attached,
 * the CNI configuration.
 */
@NullMarked
package io.fairlead.agent.install;

import org.jspecify.annotations.NullMarked;
