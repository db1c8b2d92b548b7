package io.fairlead.agent.loop;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a subsystem is doing.
 *
 * @param problem a sentence if its last attempt failed
 * @param failedKeys keys that wait to be tried again
 * @param failures since the agent's start
 * @param facts of its own
 */
public record SubsystemStatus(
    String name,
    @Nullable String problem,
    int failedKeys,
    long failures,
    Map<String, String> facts) {}
