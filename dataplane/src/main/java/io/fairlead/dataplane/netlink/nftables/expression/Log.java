package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import org.jspecify.annotations.Nullable;

/**
 * Sends the packet's beginning to the readers of an NFLOG group.
 *
 * @param prefix at most 127 bytes; empty for none
 */
public record Log(int group, String prefix) implements Expression {

  /** enum nft_log_attributes. */
  private static final int NFTA_LOG_GROUP = 1;

  private static final int NFTA_LOG_PREFIX = 2;

  @Override
  public String kind() {
    return "log";
  }

  @Override
  public void write(MessageWriter writer) {
    if (!prefix.isEmpty()) {
      writer.attributeString(NFTA_LOG_PREFIX, prefix);
    }
    writer.attributeU16Be(NFTA_LOG_GROUP, group);
  }

  static @Nullable Expression read(AttributeReader attributes) {
    int group = -1;
    String prefix = "";
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_LOG_GROUP -> group = attributes.u16Be();
        case NFTA_LOG_PREFIX -> prefix = attributes.string();
        default -> {}
      }
    }
    return group < 0 ? null : new Log(group, prefix);
  }
}
