package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;

/**
 * Searches a set or map for the key that begins in {@code register}. The rule ends if it is not
 * found (for a set and inverted: if it is).
 *
 * @param result where a map's value goes, or {@link #MEMBERSHIP} or {@link #VERDICT}
 */
public record Lookup(String set, int register, int result, boolean inverted) implements Expression {

  /** Only whether the key is in the set matters. */
  public static final int MEMBERSHIP = -1;

  /** The map's value is the verdict. */
  public static final int VERDICT = -2;

  /** enum nft_lookup_attributes. */
  private static final int NFTA_LOOKUP_SET = 1;

  private static final int NFTA_LOOKUP_SREG = 2;
  private static final int NFTA_LOOKUP_DREG = 3;
  private static final int NFTA_LOOKUP_FLAGS = 5;
  private static final int NFT_LOOKUP_F_INV = 1;

  @Override
  public String kind() {
    return "lookup";
  }

  @Override
  public void write(MessageWriter writer) {
    writer
        .attributeString(NFTA_LOOKUP_SET, set)
        .attributeU32Be(NFTA_LOOKUP_SREG, Register.number(register));
    if (result == VERDICT) {
      writer.attributeU32Be(NFTA_LOOKUP_DREG, Register.VERDICT_NUMBER);
    } else if (result != MEMBERSHIP) {
      writer.attributeU32Be(NFTA_LOOKUP_DREG, Register.number(result));
    }
    if (inverted) {
      writer.attributeU32Be(NFTA_LOOKUP_FLAGS, NFT_LOOKUP_F_INV);
    }
  }

  static Expression read(AttributeReader attributes) {
    String set = "";
    int register = 0;
    int result = MEMBERSHIP;
    boolean inverted = false;
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_LOOKUP_SET -> set = attributes.string();
        case NFTA_LOOKUP_SREG -> register = Register.index(attributes.u32Be());
        case NFTA_LOOKUP_DREG -> {
          int number = attributes.u32Be();
          result = number == Register.VERDICT_NUMBER ? VERDICT : Register.index(number);
        }
        case NFTA_LOOKUP_FLAGS -> inverted = (attributes.u32Be() & NFT_LOOKUP_F_INV) != 0;
        default -> {}
      }
    }
    return new Lookup(set, register, result, inverted);
  }
}
