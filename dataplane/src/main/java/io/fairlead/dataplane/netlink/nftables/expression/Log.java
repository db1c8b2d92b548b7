package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import org.jspecify.annotations.Nullable;

/**
 * Sends the packet's beginning to the readers of an NFLOG group.
 *
 * @param prefix at most 127 bytes; empty for none
 * @param snaplen so many bytes of the packet at most; 0 for all
 */
public record Log(int group, String prefix, int snaplen) implements Expression {

  /** enum nft_log_attributes. */
  private static final int NFTA_LOG_GROUP = 1;

  private static final int NFTA_LOG_PREFIX = 2;
  private static final int NFTA_LOG_SNAPLEN = 3;

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
    if (snaplen != 0) {
      writer.attributeU32Be(NFTA_LOG_SNAPLEN, snaplen);
    }
  }

  static @Nullable Expression read(AttributeReader attributes) {
    int group = -1;
    String prefix = "";
    int snaplen = 0;
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_LOG_GROUP -> group = attributes.u16Be();
        case NFTA_LOG_PREFIX -> prefix = attributes.string();
        case NFTA_LOG_SNAPLEN -> snaplen = attributes.u32Be();
        default -> {}
      }
    }
    return group < 0 ? null : new Log(group, prefix, snaplen);
  }
}
