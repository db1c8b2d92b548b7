package io.fairlead.dataplane.table;

import io.fairlead.dataplane.netlink.nftables.expression.CtKey;
import io.fairlead.dataplane.netlink.nftables.expression.RuleBuilder;

/**
 * Bits of {@link CtKey#STATE} for {@link RuleBuilder#connection}: NF_CT_STATE_BIT of
 * linux/netfilter/nf_conntrack_common.h.
 */
public final class ConnectionStates {

  /** What conntrack cannot place. */
  public static final int INVALID = 1;

  /** What belongs to a connection that has seen both directions, or to an error of one. */
  public static final int KNOWN = 2 | 4;

  /** The first packets of a connection, until one comes back. */
  public static final int NEW = 8;

  private ConnectionStates() {}
}
