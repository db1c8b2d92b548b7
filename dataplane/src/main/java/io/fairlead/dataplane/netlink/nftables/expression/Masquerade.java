package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;

/**
 * Gives the packet the address of the interface that it leaves through.
 *
 * @param fullyRandom whether the port is drawn at random, which spares the clashes of many
 *     connections to one destination
 */
public record Masquerade(boolean fullyRandom) implements Expression {

  private static final int NFTA_MASQ_FLAGS = 1;

  @Override
  public String kind() {
    return "masq";
  }

  private int flags() {
    return fullyRandom ? NatFlags.NF_NAT_RANGE_PROTO_RANDOM_FULLY : 0;
  }

  String text() {
    return "masquerade" + NatFlags.text(flags());
  }

  @Override
  public void write(MessageWriter writer) {
    if (fullyRandom) {
      writer.attributeU32Be(NFTA_MASQ_FLAGS, flags());
    }
  }

  static Expression read(AttributeReader attributes) {
    int flags = 0;
    while (attributes.next()) {
      if (attributes.type() == NFTA_MASQ_FLAGS) {
        flags = attributes.u32Be();
      }
    }
    return new Masquerade((flags & NatFlags.NF_NAT_RANGE_PROTO_RANDOM_FULLY) != 0);
  }
}
