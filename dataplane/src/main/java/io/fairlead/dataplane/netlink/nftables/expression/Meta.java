package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.MessageWriter;

/** Loads what the kernel knows about the packet beside its bytes. */
public record Meta(MetaKey key, int register) implements Expression {

  @Override
  public String kind() {
    return "meta";
  }

  @Override
  public void write(MessageWriter writer) {
    writer
        .attributeU32Be(MetaAttributes.KEY, key.number())
        .attributeU32Be(MetaAttributes.DESTINATION, Register.number(register));
  }
}
