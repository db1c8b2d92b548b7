package io.fairlead.dataplane.netlink.nftables.expression;

import org.jspecify.annotations.Nullable;

/** What {@link Ct} can load: enum nft_ct_keys. */
public enum CtKey {
  STATE(0, "ct state", DataType.CT_STATE, 4),
  DIRECTION(1, "ct direction", DataType.CT_DIRECTION, 1),
  STATUS(2, "ct status", DataType.CT_STATUS, 4),
  MARK(3, "ct mark", DataType.MARK, 4),
  PROTOCOL(10, "ct protocol", DataType.INET_PROTOCOL, 1),
  SOURCE_PORT(11, "ct proto-src", DataType.INET_SERVICE, 2),
  DESTINATION_PORT(12, "ct proto-dst", DataType.INET_SERVICE, 2),
  SOURCE_IPV4(19, "ct ip saddr", DataType.IPV4_ADDRESS, 4),
  DESTINATION_IPV4(20, "ct ip daddr", DataType.IPV4_ADDRESS, 4),
  SOURCE_IPV6(21, "ct ip6 saddr", DataType.IPV6_ADDRESS, 16),
  DESTINATION_IPV6(22, "ct ip6 daddr", DataType.IPV6_ADDRESS, 16);

  private final int number;
  private final String text;
  private final DataType type;
  private final int length;

  CtKey(int number, String text, DataType type, int length) {
    this.number = number;
    this.text = text;
    this.type = type;
    this.length = length;
  }

  int number() {
    return number;
  }

  /** As nft writes it. */
  public String text() {
    return text;
  }

  public DataType type() {
    return type;
  }

  /** Bytes that are loaded. */
  public int length() {
    return length;
  }

  static @Nullable CtKey of(int number) {
    for (CtKey key : values()) {
      if (key.number == number) {
        return key;
      }
    }
    return null;
  }
}
