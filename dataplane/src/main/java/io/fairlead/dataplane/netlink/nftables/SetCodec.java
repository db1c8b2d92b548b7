package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.nftables.expression.Counter;
import io.fairlead.dataplane.netlink.nftables.expression.ExpressionCodec;
import io.fairlead.dataplane.netlink.nftables.expression.Field;
import io.fairlead.dataplane.netlink.nftables.expression.FieldList;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sets and maps as messages. */
final class SetCodec {

  /** enum nft_set_attributes. */
  private static final int NFTA_SET_TABLE = 1;

  private static final int NFTA_SET_NAME = 2;
  private static final int NFTA_SET_FLAGS = 3;
  private static final int NFTA_SET_KEY_TYPE = 4;
  private static final int NFTA_SET_KEY_LEN = 5;
  private static final int NFTA_SET_DATA_TYPE = 6;
  private static final int NFTA_SET_DATA_LEN = 7;
  private static final int NFTA_SET_DESC = 9;
  private static final int NFTA_SET_ID = 10;
  private static final int NFTA_SET_TIMEOUT = 11;
  private static final int NFTA_SET_USERDATA = 13;
  private static final int NFTA_SET_OBJ_TYPE = 15;
  private static final int NFTA_SET_EXPR = 17;
  private static final int NFTA_SET_COUNT = 20;

  /** enum nft_set_desc_attributes and nft_set_field_attributes. */
  private static final int NFTA_SET_DESC_SIZE = 1;

  private static final int NFTA_SET_DESC_CONCAT = 2;
  private static final int NFTA_LIST_ELEM = 1;
  private static final int NFTA_SET_FIELD_LEN = 1;

  /** enum nft_set_flags. */
  private static final int INTERVAL = 0x4;

  private static final int MAP = 0x8;
  private static final int TIMEOUT = 0x10;
  private static final int EVAL = 0x20;
  private static final int OBJECT = 0x40;
  private static final int CONCAT = 0x80;

  /** Data type of verdict maps: NFT_DATA_VERDICT. */
  private static final int VERDICT = 0xffffff00;

  private SetCodec() {}

  static void writeName(MessageWriter writer, TableName table, String set) {
    writeTable(writer, table);
    writer.attributeString(NFTA_SET_NAME, set);
  }

  /** Asks for the sets of one table. */
  static void writeTable(MessageWriter writer, TableName table) {
    NfMessages.header(writer, table.family());
    writer.attributeString(NFTA_SET_TABLE, table.name());
  }

  /**
   * Writes a set to be made.
   *
   * @param id any number that no other new set of the transaction has
   */
  static void write(MessageWriter writer, NfSet set, int id) {
    writeName(writer, set.table(), set.name());
    writer
        .attributeU32Be(NFTA_SET_FLAGS, flags(set))
        .attributeU32Be(NFTA_SET_KEY_TYPE, FieldList.typeNumber(set.key()))
        .attributeU32Be(NFTA_SET_KEY_LEN, FieldList.length(set.key()));
    switch (set.data()) {
      case SetData.None _ -> {}
      case SetData.Verdicts _ ->
          writer.attributeU32Be(NFTA_SET_DATA_TYPE, VERDICT).attributeU32Be(NFTA_SET_DATA_LEN, 0);
      case SetData.Values values ->
          writer
              .attributeU32Be(NFTA_SET_DATA_TYPE, FieldList.typeNumber(values.fields()))
              .attributeU32Be(NFTA_SET_DATA_LEN, FieldList.length(values.fields()));
      case SetData.Objects objects ->
          writer.attributeU32Be(NFTA_SET_OBJ_TYPE, objects.type().number());
    }
    writer.attributeU32Be(NFTA_SET_ID, id);
    writeDescription(writer, set);
    if (set.timeoutMillis() != 0) {
      writer.attributeU64Be(NFTA_SET_TIMEOUT, set.timeoutMillis());
    }
    writer.attributeBytes(NFTA_SET_USERDATA, SetUserData.write(set));
    if (set.counters()) {
      int expression = writer.beginNested(NFTA_SET_EXPR);
      ExpressionCodec.writeOne(writer, new Counter(0, 0));
      writer.endAttribute(expression);
    }
  }

  private static int flags(NfSet set) {
    return (set.intervals() ? INTERVAL : 0)
        | (set.intervals() && set.key().size() > 1 ? CONCAT : 0)
        | (set.timeouts() ? TIMEOUT : 0)
        | (set.dynamic() ? EVAL : 0)
        | switch (set.data()) {
          case SetData.None _ -> 0;
          case SetData.Objects _ -> OBJECT;
          case SetData.Verdicts _, SetData.Values _ -> MAP;
        };
  }

  private static void writeDescription(MessageWriter writer, NfSet set) {
    boolean fields = set.intervals() && set.key().size() > 1;
    if (!fields && set.size() == 0) {
      return;
    }
    int description = writer.beginNested(NFTA_SET_DESC);
    if (set.size() != 0) {
      writer.attributeU32Be(NFTA_SET_DESC_SIZE, set.size());
    }
    if (fields) {
      int concatenation = writer.beginNested(NFTA_SET_DESC_CONCAT);
      for (Field field : set.key()) {
        int element = writer.beginNested(NFTA_LIST_ELEM);
        writer.attributeU32Be(NFTA_SET_FIELD_LEN, field.length()).endAttribute(element);
      }
      writer.endAttribute(concatenation);
    }
    writer.endAttribute(description);
  }

  /** The set, or null if its family or types are not known here. */
  static @Nullable NfSet read(NetlinkMessage message) {
    String table = "";
    String name = "";
    int flags = 0;
    int keyType = 0;
    int dataType = 0;
    int objectType = 0;
    int size = 0;
    long timeout = 0;
    boolean counters = false;
    SetUserData userData = SetUserData.EMPTY;
    AttributeReader attributes = message.attributes(NfMessages.HEADER);
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_SET_TABLE -> table = attributes.string();
        case NFTA_SET_NAME -> name = attributes.string();
        case NFTA_SET_FLAGS -> flags = attributes.u32Be();
        case NFTA_SET_KEY_TYPE -> keyType = attributes.u32Be();
        case NFTA_SET_DATA_TYPE -> dataType = attributes.u32Be();
        case NFTA_SET_OBJ_TYPE -> objectType = attributes.u32Be();
        case NFTA_SET_TIMEOUT -> timeout = attributes.u64Be();
        case NFTA_SET_DESC -> size = readSize(attributes.nested());
        case NFTA_SET_EXPR ->
            counters = ExpressionCodec.readOne(attributes.nested()) instanceof Counter;
        case NFTA_SET_USERDATA -> userData = SetUserData.read(attributes.bytes());
        default -> {}
      }
    }
    NfFamily family = NfMessages.family(message);
    List<Field> key = FieldList.read(userData.keyTypeof().toArray(), keyType);
    SetData data = data(flags, dataType, objectType, userData);
    if (family == null || key == null || data == null) {
      return null;
    }
    return new NfSet(
        new TableName(family, table),
        name,
        key,
        data,
        (flags & INTERVAL) != 0,
        (flags & EVAL) != 0,
        (flags & TIMEOUT) != 0,
        timeout,
        size,
        counters,
        userData.comment());
  }

  /**
   * How many elements a set has.
   *
   * @param count with those that a transaction under way has put there; -1 if the kernel does not
   *     tell, as before Linux 6.17
   */
  record Count(String set, long count) {}

  static Count readCount(NetlinkMessage message) {
    String name = "";
    long count = -1;
    AttributeReader attributes = message.attributes(NfMessages.HEADER);
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_SET_NAME -> name = attributes.string();
        case NFTA_SET_COUNT -> count = Integer.toUnsignedLong(attributes.u32Be());
        default -> {}
      }
    }
    return new Count(name, count);
  }

  private static @Nullable SetData data(
      int flags, int dataType, int objectType, SetUserData userData) {
    if ((flags & OBJECT) != 0) {
      ObjectType type = ObjectType.of(objectType);
      return type == null ? null : new SetData.Objects(type);
    }
    if ((flags & MAP) == 0) {
      return SetData.none();
    }
    if (dataType == VERDICT) {
      return SetData.verdicts();
    }
    List<Field> fields = FieldList.read(userData.dataTypeof().toArray(), dataType);
    return fields == null ? null : new SetData.Values(fields);
  }

  private static int readSize(AttributeReader description) {
    int size = 0;
    while (description.next()) {
      if (description.type() == NFTA_SET_DESC_SIZE) {
        size = description.u32Be();
      }
    }
    return size;
  }
}
