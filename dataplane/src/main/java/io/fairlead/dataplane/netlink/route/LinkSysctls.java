package io.fairlead.dataplane.netlink.route;

import io.fairlead.dataplane.model.AddressFamily;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a link, or of all, that were changed below net.ipv4.conf or net.ipv6.conf, whoever
 * changed them (net.ipv4.ip_forward is the forwarding of all links).
 *
 * @param index of the link, {@link #ALL} or {@link #DEFAULT}
 * @param forwarding as in the sysctl, or null if the message does not tell
 * @param reversePathFilter as in the sysctl rp_filter, or null if the message does not tell
 */
public record LinkSysctls(
    AddressFamily family,
    int index,
    @Nullable Integer forwarding,
    @Nullable Integer reversePathFilter) {

  /** NETCONFA_IFINDEX_ALL: the folder "all". */
  public static final int ALL = -1;

  /** NETCONFA_IFINDEX_DEFAULT: the folder "default", for links that are made later. */
  public static final int DEFAULT = -2;
}
