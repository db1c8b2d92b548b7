package io.fairlead.dataplane.netlink.nftables;

import org.jspecify.annotations.Nullable;

/** The families that tables belong to: NFPROTO_ constants of linux/netfilter.h. */
public enum NfFamily {
  INET(1, "inet"),
  IPV4(2, "ip"),
  ARP(3, "arp"),
  NETDEV(5, "netdev"),
  BRIDGE(7, "bridge"),
  IPV6(10, "ip6");

  /** values() makes a copy. */
  private static final NfFamily[] ALL = values();

  private final int number;
  private final String text;

  NfFamily(int number, String text) {
    this.number = number;
    this.text = text;
  }

  int number() {
    return number;
  }

  /** As nft writes it. */
  public String text() {
    return text;
  }

  static @Nullable NfFamily of(int number) {
    for (NfFamily family : ALL) {
      if (family.number == number) {
        return family;
      }
    }
    return null;
  }
}
