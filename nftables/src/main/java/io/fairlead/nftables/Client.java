package io.fairlead.nftables;

import static io.fairlead.nftables.BaseTable.TABLE;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.expression.Fields;
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

  /** The {@link Target}s for which such clients are masqueraded. */
  NfSet masqueraded() {
    return NfSet.set(
        TABLE, "masquerade-" + text(), "of what is in the map balance", Fields.PRIORITY);
  }

  /**
   * Whether such clients are masqueraded. What the node sends is masqueraded, too, where the
   * outside is, unless a pod of this node has its source address.
   */
  boolean isMasqueraded(Masquerade masquerade) {
    return switch (masquerade) {
      case NOBODY -> false;
      case NODE -> this == NODE;
      case ALL_BUT_LOCAL_PODS -> this == OUTSIDE;
      case EVERYBODY -> true;
    };
  }

  /** The chain for connections to virtual addresses. */
  String chain(AddressFamily family) {
    return "from-" + text() + "-" + FamilySets.of(family).suffix();
  }

  /** The chain for connections to this node's own addresses. */
  String nodePortChain(AddressFamily family) {
    return "node-ports-from-" + text() + "-" + FamilySets.of(family).suffix();
  }

  /** The chain for connections to a {@link Target}. */
  String connectChain() {
    return "connect-" + text();
  }

  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
