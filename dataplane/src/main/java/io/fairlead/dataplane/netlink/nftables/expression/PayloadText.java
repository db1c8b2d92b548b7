package io.fairlead.dataplane.netlink.nftables.expression;

/** Names of header fields, by where they are. */
final class PayloadText {

  private PayloadText() {}

  static String of(Payload payload) {
    int at = payload.offset() << 8 | payload.length();
    return switch (payload.base()) {
      case LINK ->
          switch (at) {
            case 6 << 8 | 6 -> "ether saddr";
            case 12 << 8 | 2 -> "ether type";
            default -> "@ll," + bits(payload);
          };
      case NETWORK ->
          switch (at) {
            case 12 << 8 | 4 -> "ip saddr";
            case 16 << 8 | 4 -> "ip daddr";
            case 8 << 8 | 16 -> "ip6 saddr";
            case 24 << 8 | 16 -> "ip6 daddr";
            case 14 << 8 | 4 -> "arp saddr ip";
            case 9 << 8 | 1 -> "ip protocol";
            case 6 << 8 | 1 -> "ip6 nexthdr";
            default -> "@nh," + bits(payload);
          };
      case TRANSPORT ->
          switch (at) {
            case 1 -> "icmpv6 type";
            case 2 -> "th sport";
            case 2 << 8 | 2 -> "th dport";
            case 13 << 8 | 1 -> "tcp flags";
            default -> "@th," + bits(payload);
          };
    };
  }

  static DataType typeOf(Payload payload) {
    if (payload.base() == Payload.Base.LINK) {
      return switch (payload.length()) {
        case 6 -> DataType.ETHER_ADDRESS;
        case 2 -> DataType.ETHER_TYPE;
        default -> DataType.INTEGER;
      };
    }
    boolean port = payload.base() == Payload.Base.TRANSPORT && payload.length() == 2;
    return switch (payload.length()) {
      case 16 -> DataType.IPV6_ADDRESS;
      case 4 -> DataType.IPV4_ADDRESS;
      case 2 -> port ? DataType.INET_SERVICE : DataType.INTEGER;
      case 1 ->
          payload.base() == Payload.Base.NETWORK
              ? DataType.INET_PROTOCOL
              : payload.offset() == 0 ? DataType.ICMPV6_TYPE : DataType.INTEGER;
      default -> DataType.INTEGER;
    };
  }

  private static String bits(Payload payload) {
    return payload.offset() * 8 + "," + payload.length() * 8;
  }
}
