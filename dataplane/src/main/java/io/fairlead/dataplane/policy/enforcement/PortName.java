package io.fairlead.dataplane.policy.enforcement;

import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.model.Protocol;

/**
 * A named port that rules of a direction use. Destinations of ingress are pods of this node only.
 */
public record PortName(PolicyDirection direction, Protocol protocol, String name) {}
