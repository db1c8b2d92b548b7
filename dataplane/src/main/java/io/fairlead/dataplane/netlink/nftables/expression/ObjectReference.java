package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.MessageWriter;

/** Uses the named object: a named counter counts. */
public record ObjectReference(ObjectType type, String name) implements Expression {

  @Override
  public String kind() {
    return "objref";
  }

  @Override
  public void write(MessageWriter writer) {
    writer
        .attributeU32Be(ObjectReferenceAttributes.TYPE, type.number())
        .attributeString(ObjectReferenceAttributes.NAME, name);
  }
}
