package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.MessageWriter;

/** Uses the object that a map holds for the key in {@code register}; without one, the rule ends. */
public record ObjectLookup(String set, int register) implements Expression {

  @Override
  public String kind() {
    return "objref";
  }

  @Override
  public void write(MessageWriter writer) {
    writer
        .attributeU32Be(ObjectReferenceAttributes.SOURCE, Register.number(register))
        .attributeString(ObjectReferenceAttributes.SET, set);
  }
}
