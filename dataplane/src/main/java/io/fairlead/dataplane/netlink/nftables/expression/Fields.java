package io.fairlead.dataplane.netlink.nftables.expression;

/** The fields that fairlead's rules and sets are made of. */
public final class Fields {

  public static final Field IP_SADDR =
      PayloadField.network("ip saddr", DataType.IPV4_ADDRESS, 12, 12, 11);
  public static final Field IP_DADDR =
      PayloadField.network("ip daddr", DataType.IPV4_ADDRESS, 16, 12, 12);
  public static final Field IP6_SADDR =
      PayloadField.network("ip6 saddr", DataType.IPV6_ADDRESS, 8, 13, 8);
  public static final Field IP6_DADDR =
      PayloadField.network("ip6 daddr", DataType.IPV6_ADDRESS, 24, 13, 9);
  public static final Field TH_SPORT =
      PayloadField.transport("th sport", DataType.INET_SERVICE, 0, 11, 1);
  public static final Field TH_DPORT =
      PayloadField.transport("th dport", DataType.INET_SERVICE, 2, 11, 2);

  /** Whom a frame says that it is from, whoever sent it. */
  public static final Field ETHER_SADDR =
      PayloadField.link("ether saddr", DataType.ETHER_ADDRESS, 6, 17, 2);

  /** What is in a frame; of a frame with a VLAN tag the kind of the tag, wherever it is kept. */
  public static final Field ETHER_TYPE =
      PayloadField.link("ether type", DataType.ETHER_TYPE, 12, 17, 3);

  /** Whose IPv4 address an ARP packet is about (RFC 826, ar$spa). */
  public static final Field ARP_SADDR_IP =
      PayloadField.network("arp saddr ip", DataType.IPV4_ADDRESS, 14, 15, 8);

  public static final Field L4PROTO = new MetaField(MetaKey.L4PROTO);
  public static final Field MARK = new MetaField(MetaKey.MARK);
  public static final Field IIFNAME = new MetaField(MetaKey.IIFNAME);
  public static final Field OIFNAME = new MetaField(MetaKey.OIFNAME);

  /** Whose process the packet's socket belongs to; a packet without one ends the rule. */
  public static final Field SKUID = new MetaField(MetaKey.SKUID);

  public static final Field PRIORITY = new MetaField(MetaKey.PRIORITY);

  /** What the client of a translated connection asked for and what answers it. */
  public static final Field ORIGINAL_IP_SADDR = original(CtKey.SOURCE_IPV4);

  public static final Field ORIGINAL_IP_DADDR = original(CtKey.DESTINATION_IPV4);
  public static final Field ORIGINAL_IP6_SADDR = original(CtKey.SOURCE_IPV6);
  public static final Field ORIGINAL_IP6_DADDR = original(CtKey.DESTINATION_IPV6);
  public static final Field ORIGINAL_DPORT = original(CtKey.DESTINATION_PORT);
  public static final Field REPLY_IP_SADDR = reply(CtKey.SOURCE_IPV4);
  public static final Field REPLY_IP6_SADDR = reply(CtKey.SOURCE_IPV6);
  public static final Field REPLY_SPORT = reply(CtKey.SOURCE_PORT);

  private static Field original(CtKey key) {
    return new CtField(key, Ct.Direction.ORIGINAL);
  }

  private static Field reply(CtKey key) {
    return new CtField(key, Ct.Direction.REPLY);
  }

  private Fields() {}
}
