package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.AttributeReader;
import org.jspecify.annotations.Nullable;

/** enum nft_meta_attributes, shared by loading and setting. */
final class MetaAttributes {

  static final int DESTINATION = 1;
  static final int KEY = 2;
  static final int SOURCE = 3;

  private MetaAttributes() {}

  static @Nullable Expression read(AttributeReader attributes) {
    MetaKey key = null;
    int destination = -1;
    int source = -1;
    while (attributes.next()) {
      switch (attributes.type()) {
        case DESTINATION -> destination = Register.index(attributes.u32Be());
        case KEY -> key = MetaKey.of(attributes.u32Be());
        case SOURCE -> source = Register.index(attributes.u32Be());
        default -> {}
      }
    }
    if (key == null) {
      return null;
    }
    if (destination >= 0) {
      return new Meta(key, destination);
    }
    return source >= 0 ? new MetaSet(key, source) : null;
  }
}
