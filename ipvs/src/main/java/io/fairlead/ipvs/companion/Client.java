package io.fairlead.ipvs.companion;

import io.fairlead.dataplane.service.Frontend.Masquerade;
import java.util.Locale;

/** Who opens a connection, as far as Services treat them differently. */
enum Client {
  /** A pod of this node. */
  PODS,
  /** This node itself. */
  NODE,
  /** Everyone else. */
  OUTSIDE;

  /** Clients inside are sent to all endpoints where those outside get this node's alone. */
  boolean isInside() {
    return this != OUTSIDE;
  }

  /**
   * Whether such clients are masqueraded. The node is, too, where the outside is, unless it sends
   * from an address among the pods': the rules see to that.
   */
  boolean isMasqueraded(Masquerade masquerade) {
    return switch (masquerade) {
      case NOBODY -> false;
      case NODE -> this == NODE;
      case ALL_BUT_LOCAL_PODS -> this == OUTSIDE;
      case EVERYBODY -> true;
    };
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
