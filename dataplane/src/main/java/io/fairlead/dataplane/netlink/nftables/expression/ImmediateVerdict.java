package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.MessageWriter;

/** Ends the rule with a verdict. */
public record ImmediateVerdict(Verdict verdict) implements Expression {

  @Override
  public String kind() {
    return "immediate";
  }

  @Override
  public void write(MessageWriter writer) {
    writer.attributeU32Be(ImmediateAttributes.REGISTER, Register.VERDICT_NUMBER);
    Data.write(writer, ImmediateAttributes.DATA, verdict);
  }
}
