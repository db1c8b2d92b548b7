package io.fairlead.dataplane.table;

import io.fairlead.dataplane.netlink.nftables.expression.CtKey;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;

/**
 * Bits of {@link CtKey#STATE} and status for {@link RuleBuilder#connection}: NF_CT_STATE_BIT and
 * enum ip_conntrack_status of linux/netfilter/nf_conntrack_common.h.
 */
public final class ConnectionStates {

  /** What conntrack cannot place. */
  public static final int INVALID = 1;

  /** What belongs to a connection that has seen both directions, or to an error of one. */
  public static final int KNOWN = 2 | 4;

  /**
   * Of {@link CtKey#STATUS}: the connection's first packet got through (IPS_CONFIRMED). Without it
   * this is that packet, or one that conntrack does not follow.
   */
  public static final int CONFIRMED = 8;

  /** The first packets of a connection, until one comes back. */
  public static final int NEW = 8;

  /** What is kept out of conntrack on purpose. */
  public static final int UNTRACKED = 64;

  private ConnectionStates() {}
}
