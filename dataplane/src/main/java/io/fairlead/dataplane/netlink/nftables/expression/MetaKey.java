package io.fairlead.dataplane.netlink.nftables.expression;

import org.jspecify.annotations.Nullable;

/** What {@link Meta} can load: enum nft_meta_keys. */
public enum MetaKey {
  PRIORITY(2, "meta priority", DataType.CLASSID, 4),
  MARK(3, "meta mark", DataType.MARK, 4),
  IIF(4, "iif", DataType.INTERFACE_INDEX, 4),
  OIF(5, "oif", DataType.INTERFACE_INDEX, 4),
  IIFNAME(6, "iifname", DataType.INTERFACE_NAME, 16),
  OIFNAME(7, "oifname", DataType.INTERFACE_NAME, 16),
  SKUID(10, "meta skuid", DataType.UID, 4),
  NFTRACE(12, "meta nftrace", DataType.INTEGER, 1),
  NFPROTO(15, "meta nfproto", DataType.NF_PROTOCOL, 1),
  L4PROTO(16, "meta l4proto", DataType.INET_PROTOCOL, 1),
  IIFGROUP(21, "iifgroup", DataType.INTEGER, 4),
  OIFGROUP(22, "oifgroup", DataType.INTEGER, 4);

  private final int number;
  private final String text;
  private final DataType type;
  private final int length;

  MetaKey(int number, String text, DataType type, int length) {
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

  static @Nullable MetaKey of(int number) {
    for (MetaKey key : values()) {
      if (key.number == number) {
        return key;
      }
    }
    return null;
  }
}
