package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import org.jspecify.annotations.Nullable;

/** Sets {@code destination} to {@code (source & mask) ^ xor}; all have the mask's length. */
public record Bitwise(int source, int destination, Bytes mask, Bytes xor) implements Expression {

  /** enum nft_bitwise_attributes. */
  private static final int NFTA_BITWISE_SREG = 1;

  private static final int NFTA_BITWISE_DREG = 2;
  private static final int NFTA_BITWISE_LEN = 3;
  private static final int NFTA_BITWISE_MASK = 4;
  private static final int NFTA_BITWISE_XOR = 5;
  private static final int NFTA_BITWISE_OP = 6;

  @Override
  public String kind() {
    return "bitwise";
  }

  @Override
  public void write(MessageWriter writer) {
    writer
        .attributeU32Be(NFTA_BITWISE_SREG, Register.number(source))
        .attributeU32Be(NFTA_BITWISE_DREG, Register.number(destination))
        .attributeU32Be(NFTA_BITWISE_LEN, mask.length());
    Data.write(writer, NFTA_BITWISE_MASK, mask);
    Data.write(writer, NFTA_BITWISE_XOR, xor);
  }

  static @Nullable Expression read(AttributeReader attributes) {
    int source = 0;
    int destination = 0;
    boolean shift = false;
    Bytes mask = Bytes.EMPTY;
    Bytes xor = Bytes.EMPTY;
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_BITWISE_SREG -> source = Register.index(attributes.u32Be());
        case NFTA_BITWISE_DREG -> destination = Register.index(attributes.u32Be());
        case NFTA_BITWISE_MASK -> mask = Data.value(attributes);
        case NFTA_BITWISE_XOR -> xor = Data.value(attributes);
        case NFTA_BITWISE_OP -> shift = attributes.u32Be() != 0;
        default -> {}
      }
    }
    return shift || mask.length() != xor.length()
        ? null
        : new Bitwise(source, destination, mask, xor);
  }
}
