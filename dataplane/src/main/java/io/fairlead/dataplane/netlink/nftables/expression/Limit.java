package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;

/**
 * Ends the rule for what is beyond a rate (or, inverted, within it).
 *
 * @param rate packets, or bytes if {@code bytes}, per {@code seconds}
 */
public record Limit(long rate, long seconds, int burst, boolean bytes, boolean inverted)
    implements Expression {

  /** enum nft_limit_attributes. */
  private static final int NFTA_LIMIT_RATE = 1;

  private static final int NFTA_LIMIT_UNIT = 2;
  private static final int NFTA_LIMIT_BURST = 3;
  private static final int NFTA_LIMIT_TYPE = 4;
  private static final int NFTA_LIMIT_FLAGS = 5;

  @Override
  public String kind() {
    return "limit";
  }

  String text() {
    String unit =
        switch ((int) seconds) {
          case 1 -> "second";
          case 60 -> "minute";
          case 3600 -> "hour";
          case 86400 -> "day";
          default -> seconds + "s";
        };
    String what = bytes ? " bytes" : "";
    return "limit rate "
        + (inverted ? "over " : "")
        + rate
        + what
        + "/"
        + unit
        + (burst == 0 ? "" : " burst " + burst + (bytes ? " bytes" : " packets"));
  }

  @Override
  public void write(MessageWriter writer) {
    writer
        .attributeU64Be(NFTA_LIMIT_RATE, rate)
        .attributeU64Be(NFTA_LIMIT_UNIT, seconds)
        .attributeU32Be(NFTA_LIMIT_BURST, burst)
        .attributeU32Be(NFTA_LIMIT_TYPE, bytes ? 1 : 0)
        .attributeU32Be(NFTA_LIMIT_FLAGS, inverted ? 1 : 0);
  }

  static Expression read(AttributeReader attributes) {
    long rate = 0;
    long seconds = 1;
    int burst = 0;
    boolean bytes = false;
    boolean inverted = false;
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_LIMIT_RATE -> rate = attributes.u64Be();
        case NFTA_LIMIT_UNIT -> seconds = attributes.u64Be();
        case NFTA_LIMIT_BURST -> burst = attributes.u32Be();
        case NFTA_LIMIT_TYPE -> bytes = attributes.u32Be() == 1;
        case NFTA_LIMIT_FLAGS -> inverted = (attributes.u32Be() & 1) != 0;
        default -> {}
      }
    }
    return new Limit(rate, seconds, burst, bytes, inverted);
  }
}
