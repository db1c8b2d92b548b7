package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;

/** Loads a number from {@code offset} to {@code offset + modulus - 1}, in host byte order. */
public record NumberGenerator(Mode mode, int modulus, int offset, int register)
    implements Expression {

  /** enum nft_ng_types: counting up, or pseudo-random with every number equally likely. */
  public enum Mode {
    INCREMENT("inc"),
    RANDOM("random");

    private final String text;

    Mode(String text) {
      this.text = text;
    }

    int number() {
      return this == RANDOM ? 1 : 0;
    }

    static Mode of(int number) {
      return number == 1 ? RANDOM : INCREMENT;
    }
  }

  /** enum nft_ng_attributes. */
  private static final int NFTA_NG_DREG = 1;

  private static final int NFTA_NG_MODULUS = 2;
  private static final int NFTA_NG_TYPE = 3;
  private static final int NFTA_NG_OFFSET = 4;

  @Override
  public String kind() {
    return "numgen";
  }

  /** As nft writes it. */
  static String text(Mode mode, int modulus, int offset) {
    return "numgen " + mode.text + " mod " + modulus + (offset == 0 ? "" : " offset " + offset);
  }

  @Override
  public void write(MessageWriter writer) {
    writer
        .attributeU32Be(NFTA_NG_DREG, Register.number(register))
        .attributeU32Be(NFTA_NG_MODULUS, modulus)
        .attributeU32Be(NFTA_NG_TYPE, mode.number())
        .attributeU32Be(NFTA_NG_OFFSET, offset);
  }

  static Expression read(AttributeReader attributes) {
    int register = 0;
    int modulus = 0;
    int offset = 0;
    Mode mode = Mode.INCREMENT;
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_NG_DREG -> register = Register.index(attributes.u32Be());
        case NFTA_NG_MODULUS -> modulus = attributes.u32Be();
        case NFTA_NG_TYPE -> mode = Mode.of(attributes.u32Be());
        case NFTA_NG_OFFSET -> offset = attributes.u32Be();
        default -> {}
      }
    }
    return new NumberGenerator(mode, modulus, offset, register);
  }
}
