package io.fairlead.bench.policy.matrix;

import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;

/** Who asks whom, how; both ends are pods. */
record Cell(ObjectKey source, ObjectKey destination, Protocol protocol, int port) {

  /** Says for each cell whether it is allowed; nobody asks it about pods that ask themselves. */
  @FunctionalInterface
  interface Truth {
    boolean allows(Cell cell);
  }

  /** Whether the source is "x/a", or in namespace "x". */
  boolean from(String pod) {
    return isMeant(source, pod);
  }

  /** Whether the destination is "x/a", or in namespace "x". */
  boolean to(String pod) {
    return isMeant(destination, pod);
  }

  private static boolean isMeant(ObjectKey pod, String text) {
    return text.equals(pod.toString()) || text.equals(pod.namespace());
  }

  boolean is(Protocol asked, int number) {
    return protocol == asked && port == number;
  }
}
