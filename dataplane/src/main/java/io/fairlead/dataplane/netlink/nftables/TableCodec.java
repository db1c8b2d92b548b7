package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.nftables.expression.UserData;
import org.jspecify.annotations.Nullable;

/** Tables as messages. */
final class TableCodec {

  /** enum nft_table_attributes. */
  private static final int NFTA_TABLE_NAME = 1;

  private static final int NFTA_TABLE_FLAGS = 2;
  private static final int NFTA_TABLE_USERDATA = 6;

  /** enum nft_table_flags; PERSIST is younger than some headers. */
  private static final int NFT_TABLE_F_DORMANT = 1;

  private static final int NFT_TABLE_F_OWNER = 2;

  private static final int NFT_TABLE_F_PERSIST = 4;

  private static final int UDATA_COMMENT = 0;

  private TableCodec() {}

  static void write(MessageWriter writer, NfTable table) {
    writeName(writer, table.name());
    int flags =
        (table.dormant() ? NFT_TABLE_F_DORMANT : 0)
            | (table.owned() ? NFT_TABLE_F_OWNER : 0)
            | (table.persistent() ? NFT_TABLE_F_PERSIST : 0);
    if (flags != 0) {
      writer.attributeU32Be(NFTA_TABLE_FLAGS, flags);
    }
    UserData userData = new UserData().putComment(UDATA_COMMENT, table.comment());
    if (!userData.isEmpty()) {
      writer.attributeBytes(NFTA_TABLE_USERDATA, userData.toArray());
    }
  }

  static void writeName(MessageWriter writer, TableName name) {
    NfMessages.header(writer, name.family());
    writer.attributeString(NFTA_TABLE_NAME, name.name());
  }

  /** The table, or null if its family is unknown. */
  static @Nullable NfTable read(NetlinkMessage message) {
    String name = "";
    String comment = "";
    int flags = 0;
    AttributeReader attributes = message.attributes(NfMessages.HEADER);
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_TABLE_NAME -> name = attributes.string();
        case NFTA_TABLE_FLAGS -> flags = attributes.u32Be();
        case NFTA_TABLE_USERDATA ->
            comment = UserData.string(UserData.parse(attributes.bytes()), UDATA_COMMENT);
        default -> {}
      }
    }
    NfFamily family = NfMessages.family(message);
    if (family == null) {
      return null;
    }
    return new NfTable(
        new TableName(family, name),
        (flags & NFT_TABLE_F_OWNER) != 0,
        (flags & NFT_TABLE_F_PERSIST) != 0,
        (flags & NFT_TABLE_F_DORMANT) != 0,
        comment);
  }
}
