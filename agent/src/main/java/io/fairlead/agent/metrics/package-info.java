/** The agent's metrics in Prometheus' text format. */
@NullMarked
package io.fairlead.agent.metrics;

import org.jspecify.annotations.NullMarked;
