package io.fairlead.nftables.guard;

/** Why a frame is dropped; each has a counter in the kernel. */
public enum DropReason {
  ETHER_TYPE("ether-type", "VLAN tags, and what is neither IP nor ARP"),
  MAC("mac", "another's link-layer address"),
  IPV4_SOURCE("ipv4-source", "another's IPv4 address"),
  IPV6_SOURCE("ipv6-source", "another's IPv6 address"),
  ARP("arp", "ARP for another's address"),
  NEIGHBOUR("neighbour", "neighbour advertisements for another's address"),
  ROUTER("router", "router advertisements and redirects");

  private final String text;
  private final String comment;

  DropReason(String text, String comment) {
    this.text = text;
    this.comment = comment;
  }

  /** One lower-case word: the counter's name, and a label of metrics. */
  public String text() {
    return text;
  }

  String comment() {
    return comment;
  }
}
