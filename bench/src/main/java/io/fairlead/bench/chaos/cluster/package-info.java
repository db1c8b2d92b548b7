/**
 * What a chaos run is about: nodes, pods, Services, policies, and everything that comes and goes.
 */
@NullMarked
package io.fairlead.bench.chaos.cluster;

import org.jspecify.annotations.NullMarked;
