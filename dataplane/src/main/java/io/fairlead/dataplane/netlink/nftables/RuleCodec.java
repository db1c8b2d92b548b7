package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.nftables.expression.Expression;
import io.fairlead.dataplane.netlink.nftables.expression.ExpressionCodec;
import io.fairlead.dataplane.netlink.nftables.expression.UserData;
import io.fairlead.dataplane.netlink.nftables.expression.XtAttributes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rules as messages. */
final class RuleCodec {

  /** enum nft_rule_attributes. */
  private static final int NFTA_RULE_TABLE = 1;

  private static final int NFTA_RULE_CHAIN = 2;
  private static final int NFTA_RULE_HANDLE = 3;
  private static final int NFTA_RULE_EXPRESSIONS = 4;
  private static final int NFTA_RULE_COMPAT = 5;
  private static final int NFTA_RULE_POSITION = 6;
  private static final int NFTA_RULE_USERDATA = 7;

  /** enum nft_rule_compat_attributes. */
  private static final int NFTA_RULE_COMPAT_PROTO = 1;

  private static final int NFTA_RULE_COMPAT_FLAGS = 2;

  private static final int UDATA_COMMENT = 0;

  /** Ours alone: nft passes over entries that it does not know. */
  private static final int UDATA_FINGERPRINT = 0xfa;

  private RuleCodec() {}

  static void write(MessageWriter writer, NfRule rule) {
    writeName(writer, rule.table(), rule.chain());
    writeContent(writer, rule);
  }

  static void writeReplacement(MessageWriter writer, NfRule rule, long handle) {
    writeHandle(writer, rule.table(), rule.chain(), handle);
    writeContent(writer, rule);
  }

  static void writeInsertion(MessageWriter writer, NfRule rule, long before) {
    writeName(writer, rule.table(), rule.chain());
    if (before != 0) {
      writer.attributeU64Be(NFTA_RULE_POSITION, before);
    }
    writeContent(writer, rule);
  }

  static void writeName(MessageWriter writer, TableName table, String chain) {
    NfMessages.header(writer, table.family());
    writer.attributeString(NFTA_RULE_TABLE, table.name()).attributeString(NFTA_RULE_CHAIN, chain);
  }

  static void writeHandle(MessageWriter writer, TableName table, String chain, long handle) {
    writeName(writer, table, chain);
    writer.attributeU64Be(NFTA_RULE_HANDLE, handle);
  }

  /** Asks for the rules of one table. */
  static void writeTable(MessageWriter writer, TableName table) {
    NfMessages.header(writer, table.family());
    writer.attributeString(NFTA_RULE_TABLE, table.name());
  }

  private static void writeContent(MessageWriter writer, NfRule rule) {
    int list = writer.beginNested(NFTA_RULE_EXPRESSIONS);
    ExpressionCodec.write(writer, rule.expressions());
    writer.endAttribute(list);
    int protocol = XtAttributes.protocol(rule.expressions());
    if (protocol >= 0) {
      int compat = writer.beginNested(NFTA_RULE_COMPAT);
      writer
          .attributeU32Be(NFTA_RULE_COMPAT_PROTO, protocol)
          .attributeU32Be(NFTA_RULE_COMPAT_FLAGS, 0)
          .endAttribute(compat);
    }
    UserData userData = new UserData().putComment(UDATA_COMMENT, rule.comment());
    if (rule.fingerprint() != 0) {
      byte[] fingerprint = ByteBuffer.allocate(8).putLong(rule.fingerprint()).array();
      userData.put(UDATA_FINGERPRINT, fingerprint);
    }
    if (!userData.isEmpty()) {
      writer.attributeBytes(NFTA_RULE_USERDATA, userData.toArray());
    }
  }

  /** The rule, or null if its family is unknown. */
  static @Nullable NfRule read(NetlinkMessage message) {
    String table = "";
    String chain = "";
    long handle = 0;
    List<Expression> expressions = List.of();
    Map<Integer, byte[]> userData = Map.of();
    AttributeReader attributes = message.attributes(NfMessages.HEADER);
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_RULE_TABLE -> table = attributes.string();
        case NFTA_RULE_CHAIN -> chain = attributes.string();
        case NFTA_RULE_HANDLE -> handle = attributes.u64Be();
        case NFTA_RULE_EXPRESSIONS -> expressions = ExpressionCodec.read(attributes.nested());
        case NFTA_RULE_USERDATA -> userData = UserData.parse(attributes.bytes());
        default -> {}
      }
    }
    NfFamily family = NfMessages.family(message);
    if (family == null) {
      return null;
    }
    byte[] fingerprint = userData.getOrDefault(UDATA_FINGERPRINT, new byte[0]);
    return new NfRule(
        new TableName(family, table),
        chain,
        handle,
        expressions,
        UserData.string(userData, UDATA_COMMENT),
        fingerprint.length == 8 ? ByteBuffer.wrap(fingerprint).getLong() : 0);
  }
}
