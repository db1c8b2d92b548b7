package io.fairlead.dataplane.netlink.nftables.expression;

import org.jspecify.annotations.Nullable;

/** What a named object is: NFT_OBJECT_ constants. */
public enum ObjectType {
  COUNTER(1, "counter"),
  QUOTA(2, "quota"),
  CT_HELPER(3, "ct helper"),
  LIMIT(4, "limit");

  private final int number;
  private final String text;

  ObjectType(int number, String text) {
    this.number = number;
    this.text = text;
  }

  public int number() {
    return number;
  }

  /** As nft writes it. */
  public String text() {
    return text;
  }

  public static @Nullable ObjectType of(int number) {
    for (ObjectType type : values()) {
      if (type.number == number) {
        return type;
      }
    }
    return null;
  }
}
