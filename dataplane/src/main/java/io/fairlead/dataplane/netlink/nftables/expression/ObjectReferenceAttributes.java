package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.AttributeReader;
import org.jspecify.annotations.Nullable;

/** enum nft_objref_attributes, shared by references by name and by map. */
final class ObjectReferenceAttributes {

  static final int TYPE = 1;
  static final int NAME = 2;
  static final int SOURCE = 3;
  static final int SET = 4;

  private ObjectReferenceAttributes() {}

  static @Nullable Expression read(AttributeReader attributes) {
    ObjectType type = null;
    String name = "";
    int register = 0;
    String set = "";
    while (attributes.next()) {
      switch (attributes.type()) {
        case TYPE -> type = ObjectType.of(attributes.u32Be());
        case NAME -> name = attributes.string();
        case SOURCE -> register = Register.index(attributes.u32Be());
        case SET -> set = attributes.string();
        default -> {}
      }
    }
    if (!set.isEmpty()) {
      return new ObjectLookup(set, register);
    }
    return type == null ? null : new ObjectReference(type, name);
  }
}
