package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;

/** Counts what reaches it. The numbers are the state when it was read, or to begin with. */
public record Counter(long packets, long bytes) implements Expression {

  /** enum nft_counter_attributes. */
  private static final int NFTA_COUNTER_BYTES = 1;

  private static final int NFTA_COUNTER_PACKETS = 2;

  @Override
  public String kind() {
    return "counter";
  }

  @Override
  public void write(MessageWriter writer) {
    writer.attributeU64Be(NFTA_COUNTER_BYTES, bytes).attributeU64Be(NFTA_COUNTER_PACKETS, packets);
  }

  /** Reads the attributes of a counter, anonymous or named. */
  public static Counter read(AttributeReader attributes) {
    long packets = 0;
    long bytes = 0;
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_COUNTER_BYTES -> bytes = attributes.u64Be();
        case NFTA_COUNTER_PACKETS -> packets = attributes.u64Be();
        default -> {}
      }
    }
    return new Counter(packets, bytes);
  }
}
