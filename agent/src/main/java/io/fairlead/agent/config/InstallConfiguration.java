package io.fairlead.agent.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What the agent installs for the container runtime, and what it takes over.
 *
 * @param binaryFolder where the CNI binary goes, or null to install none
 * @param configFolder where the CNI configuration goes, or null to install none
 * @param config the CNI configuration to install, or null for the agent's own
 * @param importLeases the folder of a host-local network whose leases are respected, or null
 */
public record InstallConfiguration(
    @Nullable Path binaryFolder,
    @Nullable Path configFolder,
    @Nullable Path config,
    @Nullable Path importLeases) {}
