package io.fairlead.dataplane.netlink.ipvs;

import org.jspecify.annotations.Nullable;

/** How packets reach a real server (IP_VS_CONN_F_FWD_MASK of linux/ip_vs.h). */
public enum ForwardingMethod {
  /** With the destination address rewritten. */
  MASQUERADE(0, "masquerade"),

  /** To this host itself, unchanged; the kernel chooses it for real servers of its own. */
  LOCAL(1, "local"),

  /** Unchanged within a tunnel. */
  TUNNEL(2, "tunnel"),

  /** Unchanged over the same link. */
  DIRECT_ROUTING(3, "direct-routing"),

  /** Along the route that the packet would have taken (for transparent caches). */
  BYPASS(4, "bypass");

  private static final ForwardingMethod[] VALUES = values();

  private final int number;
  private final String text;

  ForwardingMethod(int number, String text) {
    this.number = number;
    this.text = text;
  }

  /** The kernel's number. */
  int number() {
    return number;
  }

  /** The method with the kernel's number, or null if there is none. */
  static @Nullable ForwardingMethod of(int number) {
    for (ForwardingMethod method : VALUES) {
      if (method.number == number) {
        return method;
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return text;
  }
}
