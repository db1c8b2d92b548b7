package io.fairlead.dataplane.service;

/**
 * What becomes of an endpoint that a slice lists, for traffic of one kind: either all that may go
 * to any node, or all that must stay on this one.
 */
public enum EndpointFate {
  /** It is ready, and gets its share of connections. */
  USED("used"),
  /** It terminates but still serves, and since no endpoint is ready it is used nevertheless. */
  USED_DRAINING("used while it terminates, since none is ready"),
  /** It terminates, and others are ready. */
  OTHERS_READY("terminating, and others are ready"),
  /** It is not ready and, if it terminates, does not serve any more. */
  NOT_READY("not ready"),
  /** The topology hints of the slices send this node to others. */
  HINTED_ELSEWHERE("hinted for other zones or nodes"),
  /** The traffic must stay on this node, and the endpoint is not here. */
  NOT_LOCAL("not on this node"),
  /** Another entry of the slices for the same address and port counts. */
  REPEATED("listed more than once, and another entry counts"),
  /** Its slice has no port of that name and protocol. */
  NO_SUCH_PORT("its slice has no port of that name and protocol"),
  /** Its address is of a family in which the Service has no cluster IP. */
  OTHER_FAMILY("of an address family that the Service does not have");

  private final String sentence;

  EndpointFate(String sentence) {
    this.sentence = sentence;
  }

  /** Whether connections are sent to it. */
  public boolean isUsed() {
    return this == USED || this == USED_DRAINING;
  }

  /** In a few words for people. */
  public String sentence() {
    return sentence;
  }
}
