package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import org.jspecify.annotations.Nullable;

/** Ends the rule unless the register compares so with {@code value}. */
public record Cmp(CmpOperator operator, int register, Bytes value) implements Expression {

  /** enum nft_cmp_attributes. */
  private static final int NFTA_CMP_SREG = 1;

  private static final int NFTA_CMP_OP = 2;
  private static final int NFTA_CMP_DATA = 3;

  @Override
  public String kind() {
    return "cmp";
  }

  @Override
  public void write(MessageWriter writer) {
    writer
        .attributeU32Be(NFTA_CMP_SREG, Register.number(register))
        .attributeU32Be(NFTA_CMP_OP, operator.number());
    Data.write(writer, NFTA_CMP_DATA, value);
  }

  static @Nullable Expression read(AttributeReader attributes) {
    int register = 0;
    CmpOperator operator = null;
    Bytes value = Bytes.EMPTY;
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_CMP_SREG -> register = Register.index(attributes.u32Be());
        case NFTA_CMP_OP -> operator = CmpOperator.of(attributes.u32Be());
        case NFTA_CMP_DATA -> value = Data.value(attributes);
        default -> {}
      }
    }
    return operator == null ? null : new Cmp(operator, register, value);
  }
}
