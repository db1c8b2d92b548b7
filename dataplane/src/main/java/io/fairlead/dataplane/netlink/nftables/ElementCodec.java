package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Counter;
import io.fairlead.dataplane.netlink.nftables.expression.Data;
import io.fairlead.dataplane.netlink.nftables.expression.ExpressionCodec;
import io.fairlead.dataplane.netlink.nftables.expression.UserData;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Elements as messages. Ranges of one field are two elements each: see {@link RangeElements}. */
final class ElementCodec {

  /** enum nft_set_elem_list_attributes. */
  private static final int NFTA_SET_ELEM_LIST_TABLE = 1;

  private static final int NFTA_SET_ELEM_LIST_SET = 2;
  private static final int NFTA_SET_ELEM_LIST_ELEMENTS = 3;

  /** enum nft_set_elem_attributes. */
  private static final int NFTA_LIST_ELEM = 1;

  private static final int NFTA_SET_ELEM_KEY = 1;
  private static final int NFTA_SET_ELEM_DATA = 2;
  private static final int NFTA_SET_ELEM_FLAGS = 3;
  private static final int NFTA_SET_ELEM_TIMEOUT = 4;
  private static final int NFTA_SET_ELEM_USERDATA = 6;
  private static final int NFTA_SET_ELEM_EXPR = 7;
  private static final int NFTA_SET_ELEM_OBJREF = 9;
  private static final int NFTA_SET_ELEM_KEY_END = 10;

  private static final int NFT_SET_ELEM_INTERVAL_END = 1;
  private static final int UDATA_COMMENT = 0;

  /** The list is one attribute, of at most 65,535 bytes; one element takes less than 1 KiB. */
  private static final int LIST_LIMIT = 60_000;

  private ElementCodec() {}

  static void writeName(MessageWriter writer, TableName table, String set) {
    NfMessages.header(writer, table.family());
    writer
        .attributeString(NFTA_SET_ELEM_LIST_TABLE, table.name())
        .attributeString(NFTA_SET_ELEM_LIST_SET, set);
  }

  /**
   * Writes the body of a message with as many elements as fit into one.
   *
   * @param keysOnly for elements to be deleted
   * @return the index of the first element that did not fit
   */
  static int write(
      MessageWriter writer, NfSet set, List<SetElement> elements, int from, boolean keysOnly) {
    writeName(writer, set.table(), set.name());
    int list = writer.beginNested(NFTA_SET_ELEM_LIST_ELEMENTS);
    int start = writer.length();
    int next = from;
    while (next < elements.size() && writer.length() - start < LIST_LIMIT) {
      write(writer, set, elements.get(next), keysOnly);
      next++;
    }
    writer.endAttribute(list);
    return next;
  }

  /**
   * Asks for the elements with these keys.
   *
   * @param keys so few that they fit into one attribute: 800 of any length do
   */
  static void writeKeys(MessageWriter writer, NfSet set, List<Bytes> keys) {
    writeName(writer, set.table(), set.name());
    int list = writer.beginNested(NFTA_SET_ELEM_LIST_ELEMENTS);
    for (Bytes key : keys) {
      int nested = writer.beginNested(NFTA_LIST_ELEM);
      Data.write(writer, NFTA_SET_ELEM_KEY, key);
      writer.endAttribute(nested);
    }
    writer.endAttribute(list);
  }

  /**
   * Asks for the element with a key.
   *
   * @param end for the end of a range of one field
   */
  static void writeKey(MessageWriter writer, NfSet set, Bytes key, boolean end) {
    writeName(writer, set.table(), set.name());
    int list = writer.beginNested(NFTA_SET_ELEM_LIST_ELEMENTS);
    int nested = writer.beginNested(NFTA_LIST_ELEM);
    if (end) {
      writer.attributeU32Be(NFTA_SET_ELEM_FLAGS, NFT_SET_ELEM_INTERVAL_END);
    }
    Data.write(writer, NFTA_SET_ELEM_KEY, key);
    writer.endAttribute(nested);
    writer.endAttribute(list);
  }

  private static void write(MessageWriter writer, NfSet set, SetElement element, boolean keysOnly) {
    int nested = writer.beginNested(NFTA_LIST_ELEM);
    Data.write(writer, NFTA_SET_ELEM_KEY, element.key());
    if (set.intervals() && !set.hasPairs()) {
      Data.write(writer, NFTA_SET_ELEM_KEY_END, element.last());
    }
    if (!keysOnly) {
      writeContent(writer, element);
    }
    writer.endAttribute(nested);
    if (set.hasPairs()) {
      Bytes behind = element.last().plusOne();
      // What reaches to the last value of all has no end.
      if (!behind.isZero()) {
        int end = writer.beginNested(NFTA_LIST_ELEM);
        writer.attributeU32Be(NFTA_SET_ELEM_FLAGS, NFT_SET_ELEM_INTERVAL_END);
        Data.write(writer, NFTA_SET_ELEM_KEY, behind);
        writer.endAttribute(end);
      }
    }
  }

  private static void writeContent(MessageWriter writer, SetElement element) {
    switch (element.data()) {
      case ElementData.None _ -> {}
      case ElementData.OfVerdict verdict ->
          Data.write(writer, NFTA_SET_ELEM_DATA, verdict.verdict());
      case ElementData.OfValue value -> Data.write(writer, NFTA_SET_ELEM_DATA, value.value());
      case ElementData.OfObject object ->
          writer.attributeString(NFTA_SET_ELEM_OBJREF, object.name());
    }
    if (element.timeoutMillis() != 0) {
      writer.attributeU64Be(NFTA_SET_ELEM_TIMEOUT, element.timeoutMillis());
    }
    if (!element.comment().isEmpty()) {
      UserData userData = new UserData().putComment(UDATA_COMMENT, element.comment());
      writer.attributeBytes(NFTA_SET_ELEM_USERDATA, userData.toArray());
    }
  }

  /** An element as the kernel keeps it: perhaps only the end of a range. */
  record Stored(SetElement element, boolean isEnd) {}

  /** Which set the elements of a message belong to. */
  record Owner(TableName table, String set) {}

  static @Nullable Owner readOwner(NetlinkMessage message) {
    String table = "";
    String set = "";
    AttributeReader attributes = message.attributes(NfMessages.HEADER);
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_SET_ELEM_LIST_TABLE -> table = attributes.string();
        case NFTA_SET_ELEM_LIST_SET -> set = attributes.string();
        default -> {}
      }
    }
    NfFamily family = NfMessages.family(message);
    return family == null ? null : new Owner(new TableName(family, table), set);
  }

  /** Adds the elements of a message to {@code into}. */
  static void read(NetlinkMessage message, List<Stored> into) {
    AttributeReader attributes = message.attributes(NfMessages.HEADER);
    while (attributes.next()) {
      if (attributes.type() == NFTA_SET_ELEM_LIST_ELEMENTS) {
        AttributeReader list = attributes.nested();
        while (list.next()) {
          Stored stored = readOne(list.nested());
          if (stored != null) {
            into.add(stored);
          }
        }
      }
    }
  }

  /** Adds what the elements of a message have counted to {@code into}. */
  static void readCounters(NetlinkMessage message, List<ElementCounter> into) {
    AttributeReader attributes = message.attributes(NfMessages.HEADER);
    while (attributes.next()) {
      if (attributes.type() == NFTA_SET_ELEM_LIST_ELEMENTS) {
        AttributeReader list = attributes.nested();
        while (list.next()) {
          readCounter(list.nested(), into);
        }
      }
    }
  }

  private static void readCounter(AttributeReader attributes, List<ElementCounter> into) {
    Bytes key = null;
    Counter counter = null;
    while (attributes.next()) {
      if (attributes.type() == NFTA_SET_ELEM_KEY) {
        key = Data.value(attributes);
      } else if (attributes.type() == NFTA_SET_ELEM_EXPR
          && ExpressionCodec.readOne(attributes.nested()) instanceof Counter found) {
        counter = found;
      }
    }
    if (key != null && counter != null) {
      into.add(new ElementCounter(key, counter.packets(), counter.bytes()));
    }
  }

  /** Null for an element without a key: the one that matches everything else. */
  private static @Nullable Stored readOne(AttributeReader attributes) {
    Bytes key = null;
    Bytes keyEnd = null;
    ElementData data = new ElementData.None();
    long timeout = 0;
    String comment = "";
    boolean end = false;
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_SET_ELEM_KEY -> key = Data.value(attributes);
        case NFTA_SET_ELEM_KEY_END -> keyEnd = Data.value(attributes);
        case NFTA_SET_ELEM_DATA -> data = readData(attributes);
        case NFTA_SET_ELEM_OBJREF -> data = new ElementData.OfObject(attributes.string());
        case NFTA_SET_ELEM_TIMEOUT -> timeout = attributes.u64Be();
        case NFTA_SET_ELEM_FLAGS -> end = (attributes.u32Be() & NFT_SET_ELEM_INTERVAL_END) != 0;
        case NFTA_SET_ELEM_USERDATA ->
            comment = UserData.string(UserData.parse(attributes.bytes()), UDATA_COMMENT);
        default -> {}
      }
    }
    if (key == null) {
      return null;
    }
    Bytes last = keyEnd != null && keyEnd.equals(key) ? null : keyEnd;
    return new Stored(new SetElement(key, last, data, timeout, comment), end);
  }

  private static ElementData readData(AttributeReader attribute) {
    Verdict verdict = Data.verdict(attribute);
    return verdict != null
        ? new ElementData.OfVerdict(verdict)
        : new ElementData.OfValue(Data.value(attribute));
  }
}
