package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.AttributeReader;
import org.jspecify.annotations.Nullable;

/** enum nft_ct_attributes, shared by loading and setting. */
final class CtAttributes {

  static final int DESTINATION = 1;
  static final int KEY = 2;
  static final int DIRECTION = 3;
  static final int SOURCE = 4;

  private CtAttributes() {}

  static @Nullable Expression read(AttributeReader attributes) {
    CtKey key = null;
    int destination = -1;
    int source = -1;
    int direction = -1;
    while (attributes.next()) {
      switch (attributes.type()) {
        case DESTINATION -> destination = Register.index(attributes.u32Be());
        case KEY -> key = CtKey.of(attributes.u32Be());
        case DIRECTION -> direction = attributes.u8();
        case SOURCE -> source = Register.index(attributes.u32Be());
        default -> {}
      }
    }
    if (key == null || direction > 1) {
      return null;
    }
    if (destination >= 0) {
      return new Ct(key, Ct.Direction.of(direction), destination);
    }
    return source >= 0 ? new CtSet(key, source) : null;
  }
}
