package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;

/** Ends the rule unless the register is inside (or, inverted, outside) a range with both ends. */
public record Range(boolean inverted, int register, Bytes from, Bytes to) implements Expression {

  /** enum nft_range_attributes. */
  private static final int NFTA_RANGE_SREG = 1;

  private static final int NFTA_RANGE_OP = 2;
  private static final int NFTA_RANGE_FROM_DATA = 3;
  private static final int NFTA_RANGE_TO_DATA = 4;

  @Override
  public String kind() {
    return "range";
  }

  @Override
  public void write(MessageWriter writer) {
    writer
        .attributeU32Be(NFTA_RANGE_SREG, Register.number(register))
        .attributeU32Be(NFTA_RANGE_OP, inverted ? 1 : 0);
    Data.write(writer, NFTA_RANGE_FROM_DATA, from);
    Data.write(writer, NFTA_RANGE_TO_DATA, to);
  }

  static Expression read(AttributeReader attributes) {
    int register = 0;
    boolean inverted = false;
    Bytes from = Bytes.EMPTY;
    Bytes to = Bytes.EMPTY;
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_RANGE_SREG -> register = Register.index(attributes.u32Be());
        case NFTA_RANGE_OP -> inverted = attributes.u32Be() == 1;
        case NFTA_RANGE_FROM_DATA -> from = Data.value(attributes);
        case NFTA_RANGE_TO_DATA -> to = Data.value(attributes);
        default -> {}
      }
    }
    return new Range(inverted, register, from, to);
  }
}
