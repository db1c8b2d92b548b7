package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.MessageWriter;

/** Sets a property of the packet's connection, for example its mark. */
public record CtSet(CtKey key, int register) implements Expression {

  @Override
  public String kind() {
    return "ct";
  }

  @Override
  public void write(MessageWriter writer) {
    writer
        .attributeU32Be(CtAttributes.KEY, key.number())
        .attributeU32Be(CtAttributes.SOURCE, Register.number(register));
  }
}
