package io.fairlead.dataplane.model;

/** The direction of a policy, as seen from the pods that it selects. */
public enum PolicyDirection {
  INGRESS,
  EGRESS;

  /** "ingress" or "egress". */
  public String text() {
    return this == INGRESS ? "ingress" : "egress";
  }
}
