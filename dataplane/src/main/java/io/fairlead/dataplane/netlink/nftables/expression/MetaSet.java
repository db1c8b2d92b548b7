package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.MessageWriter;

/** Sets what the kernel keeps beside the packet, for example its mark. */
public record MetaSet(MetaKey key, int register) implements Expression {

  @Override
  public String kind() {
    return "meta";
  }

  @Override
  public void write(MessageWriter writer) {
    writer
        .attributeU32Be(MetaAttributes.KEY, key.number())
        .attributeU32Be(MetaAttributes.SOURCE, Register.number(register));
  }
}
