package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.MessageWriter;

/** Puts a constant into a register. */
public record ImmediateData(int register, Bytes value) implements Expression {

  @Override
  public String kind() {
    return "immediate";
  }

  @Override
  public void write(MessageWriter writer) {
    writer.attributeU32Be(ImmediateAttributes.REGISTER, Register.number(register));
    Data.write(writer, ImmediateAttributes.DATA, value);
  }
}
