package io.fairlead.dataplane.model;

/** Which endpoints a Service's traffic may go to: internalTrafficPolicy, externalTrafficPolicy. */
public enum TrafficPolicy {
  /** Those of all nodes. */
  CLUSTER,
  /** Those of the node that the packet is on. */
  LOCAL
}
