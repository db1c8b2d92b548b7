package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.nftables.expression.Counter;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectType;
import io.fairlead.dataplane.netlink.nftables.expression.UserData;
import org.jspecify.annotations.Nullable;

/** Named counters as messages. */
final class CounterCodec {

  /** enum nft_object_attributes. */
  private static final int NFTA_OBJ_TABLE = 1;

  private static final int NFTA_OBJ_NAME = 2;
  private static final int NFTA_OBJ_TYPE = 3;
  private static final int NFTA_OBJ_DATA = 4;
  private static final int NFTA_OBJ_USERDATA = 8;

  private static final int UDATA_COMMENT = 0;

  private CounterCodec() {}

  static void write(MessageWriter writer, NfCounter counter) {
    writeName(writer, counter.table(), counter.name());
    int data = writer.beginNested(NFTA_OBJ_DATA);
    new Counter(counter.packets(), counter.bytes()).write(writer);
    writer.endAttribute(data);
    UserData userData = new UserData().putComment(UDATA_COMMENT, counter.comment());
    if (!userData.isEmpty()) {
      writer.attributeBytes(NFTA_OBJ_USERDATA, userData.toArray());
    }
  }

  static void writeName(MessageWriter writer, TableName table, String name) {
    NfMessages.header(writer, table.family());
    writer
        .attributeString(NFTA_OBJ_TABLE, table.name())
        .attributeString(NFTA_OBJ_NAME, name)
        .attributeU32Be(NFTA_OBJ_TYPE, ObjectType.COUNTER.number());
  }

  /** Asks for the counters of one table. */
  static void writeTable(MessageWriter writer, TableName table) {
    NfMessages.header(writer, table.family());
    writer
        .attributeString(NFTA_OBJ_TABLE, table.name())
        .attributeU32Be(NFTA_OBJ_TYPE, ObjectType.COUNTER.number());
  }

  /** The counter, or null if the object is another or its family unknown. */
  static @Nullable NfCounter read(NetlinkMessage message) {
    String table = "";
    String name = "";
    String comment = "";
    ObjectType type = null;
    Counter value = new Counter(0, 0);
    AttributeReader attributes = message.attributes(NfMessages.HEADER);
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_OBJ_TABLE -> table = attributes.string();
        case NFTA_OBJ_NAME -> name = attributes.string();
        case NFTA_OBJ_TYPE -> type = ObjectType.of(attributes.u32Be());
        case NFTA_OBJ_DATA -> {
          // Other objects have other data.
          if (type == ObjectType.COUNTER) {
            value = Counter.read(attributes.nested());
          }
        }
        case NFTA_OBJ_USERDATA ->
            comment = UserData.string(UserData.parse(attributes.bytes()), UDATA_COMMENT);
        default -> {}
      }
    }
    NfFamily family = NfMessages.family(message);
    return family == null || type != ObjectType.COUNTER
        ? null
        : new NfCounter(
            new TableName(family, table), name, value.packets(), value.bytes(), comment);
  }
}
