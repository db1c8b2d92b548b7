package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import org.jspecify.annotations.Nullable;

/**
 * Translates an address and, if there is one, a port.
 *
 * @param destination whether the destination is translated, or else the source
 * @param address the register with the new address, in network byte order, or {@link #NONE}
 * @param port the register with the new port, in network byte order, or {@link #NONE}
 */
public record Nat(boolean destination, AddressFamily family, int address, int port)
    implements Expression {

  /** This half of the tuple stays. */
  public static final int NONE = -1;

  /** enum nft_nat_attributes. */
  private static final int NFTA_NAT_TYPE = 1;

  private static final int NFTA_NAT_FAMILY = 2;
  private static final int NFTA_NAT_REG_ADDR_MIN = 3;
  private static final int NFTA_NAT_REG_ADDR_MAX = 4;
  private static final int NFTA_NAT_REG_PROTO_MIN = 5;
  private static final int NFTA_NAT_REG_PROTO_MAX = 6;

  @Override
  public String kind() {
    return "nat";
  }

  @Override
  public void write(MessageWriter writer) {
    writer
        .attributeU32Be(NFTA_NAT_TYPE, destination ? 1 : 0)
        .attributeU32Be(NFTA_NAT_FAMILY, family.number());
    if (address != NONE) {
      writer.attributeU32Be(NFTA_NAT_REG_ADDR_MIN, Register.number(address));
    }
    if (port != NONE) {
      writer.attributeU32Be(NFTA_NAT_REG_PROTO_MIN, Register.number(port));
    }
  }

  static @Nullable Expression read(AttributeReader attributes) {
    boolean destination = false;
    AddressFamily family = AddressFamily.IPV4;
    int[] register = {NONE, NONE, NONE, NONE};
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_NAT_TYPE -> destination = attributes.u32Be() == 1;
        case NFTA_NAT_FAMILY ->
            family =
                attributes.u32Be() == AddressFamily.IPV6.number()
                    ? AddressFamily.IPV6
                    : AddressFamily.IPV4;
        case NFTA_NAT_REG_ADDR_MIN,
            NFTA_NAT_REG_ADDR_MAX,
            NFTA_NAT_REG_PROTO_MIN,
            NFTA_NAT_REG_PROTO_MAX ->
            register[attributes.type() - NFTA_NAT_REG_ADDR_MIN] =
                Register.index(attributes.u32Be());
        default -> {}
      }
    }
    // The kernel repeats the first register where no range was given.
    boolean range =
        (register[1] != NONE && register[1] != register[0])
            || (register[3] != NONE && register[3] != register[2]);
    return range ? null : new Nat(destination, family, register[0], register[2]);
  }
}
