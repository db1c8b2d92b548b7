package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import org.jspecify.annotations.Nullable;

/**
 * Loads bytes of the packet.
 *
 * @param offset bytes from the beginning of {@code base}
 */
public record Payload(Base base, int offset, int length, int register) implements Expression {

  /** enum nft_payload_bases: which header. */
  public enum Base {
    LINK,
    NETWORK,
    TRANSPORT
  }

  /** enum nft_payload_attributes. */
  private static final int NFTA_PAYLOAD_DREG = 1;

  private static final int NFTA_PAYLOAD_BASE = 2;
  private static final int NFTA_PAYLOAD_OFFSET = 3;
  private static final int NFTA_PAYLOAD_LEN = 4;

  @Override
  public String kind() {
    return "payload";
  }

  @Override
  public void write(MessageWriter writer) {
    int number =
        switch (base) {
          case LINK -> 0;
          case NETWORK -> 1;
          case TRANSPORT -> 2;
        };
    writer
        .attributeU32Be(NFTA_PAYLOAD_DREG, Register.number(register))
        .attributeU32Be(NFTA_PAYLOAD_BASE, number)
        .attributeU32Be(NFTA_PAYLOAD_OFFSET, offset)
        .attributeU32Be(NFTA_PAYLOAD_LEN, length);
  }

  static @Nullable Expression read(AttributeReader attributes) {
    int register = -1;
    int base = -1;
    int offset = 0;
    int length = 0;
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_PAYLOAD_DREG -> register = Register.index(attributes.u32Be());
        case NFTA_PAYLOAD_BASE -> base = attributes.u32Be();
        case NFTA_PAYLOAD_OFFSET -> offset = attributes.u32Be();
        case NFTA_PAYLOAD_LEN -> length = attributes.u32Be();
        default -> {}
      }
    }
    boolean known = register >= 0 && base >= 0 && base < Base.values().length;
    return known ? new Payload(Base.values()[base], offset, length, register) : null;
  }
}
