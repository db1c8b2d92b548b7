package io.fairlead.bench.chaos;

import io.fairlead.bench.chaos.fault.FaultKind;
import java.time.Duration;

/**
 * A fault that is to happen.
 *
 * @param pause before it, with everything as it should be
 * @param hold how long its cause lasts
 * @param node the number of the node that it happens to, from 1
 * @param killed the number of a node whose agent is killed meanwhile and started at once, 0 for
 *     none
 * @param seed of what the fault itself chooses
 */
public record Step(
    FaultKind kind, Duration pause, Duration hold, int node, int killed, long seed) {}
