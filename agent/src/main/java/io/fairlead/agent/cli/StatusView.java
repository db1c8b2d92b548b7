package io.fairlead.agent.cli;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.fairlead.agent.preflight.KernelFeature;
import io.fairlead.agent.server.StatusReport;
import java.util.List;

/**
 * What {@code fairlead status} shows: what the agent tells, and what was found of the kernel
 * without it.
 *
 * @param kernel features that the agent uses
 */
record StatusView(@JsonUnwrapped StatusReport report, List<KernelFeature> kernel) {}
