package io.fairlead.agent.config;

import java.time.Duration;

/**
 * Whether and how NetworkPolicies are enforced.
 *
 * @param timeout how long attaching a pod may wait until its policies are in force
 */
public record PolicyConfiguration(boolean enabled, Duration timeout) {}
