package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.nftables.expression.UserData;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import org.jspecify.annotations.Nullable;

/** Chains as messages. */
final class ChainCodec {

  /** enum nft_chain_attributes. */
  private static final int NFTA_CHAIN_TABLE = 1;

  private static final int NFTA_CHAIN_NAME = 3;
  private static final int NFTA_CHAIN_HOOK = 4;
  private static final int NFTA_CHAIN_POLICY = 5;
  private static final int NFTA_CHAIN_TYPE = 7;
  private static final int NFTA_CHAIN_USERDATA = 12;

  /** enum nft_hook_attributes. */
  private static final int NFTA_HOOK_HOOKNUM = 1;

  private static final int NFTA_HOOK_PRIORITY = 2;

  private static final int UDATA_COMMENT = 0;

  private ChainCodec() {}

  static void write(MessageWriter writer, NfChain chain) {
    writeName(writer, chain.table(), chain.name());
    NfChain.Hook hook = chain.hook();
    if (hook != null) {
      int nested = writer.beginNested(NFTA_CHAIN_HOOK);
      writer
          .attributeU32Be(NFTA_HOOK_HOOKNUM, hook.point().number())
          .attributeU32Be(NFTA_HOOK_PRIORITY, hook.priority())
          .endAttribute(nested)
          .attributeU32Be(NFTA_CHAIN_POLICY, hook.policy() == Verdict.Kind.DROP ? 0 : 1)
          .attributeString(NFTA_CHAIN_TYPE, hook.type().text());
    }
    UserData userData = new UserData().putComment(UDATA_COMMENT, chain.comment());
    if (!userData.isEmpty()) {
      writer.attributeBytes(NFTA_CHAIN_USERDATA, userData.toArray());
    }
  }

  static void writeName(MessageWriter writer, TableName table, String chain) {
    NfMessages.header(writer, table.family());
    writer.attributeString(NFTA_CHAIN_TABLE, table.name()).attributeString(NFTA_CHAIN_NAME, chain);
  }

  /** The chain, or null if its family is unknown. */
  static @Nullable NfChain read(NetlinkMessage message) {
    String table = "";
    String name = "";
    String comment = "";
    NfChain.Type type = null;
    int point = -1;
    int priority = 0;
    int policy = 1;
    AttributeReader attributes = message.attributes(NfMessages.HEADER);
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_CHAIN_TABLE -> table = attributes.string();
        case NFTA_CHAIN_NAME -> name = attributes.string();
        case NFTA_CHAIN_POLICY -> policy = attributes.u32Be();
        case NFTA_CHAIN_TYPE -> type = NfChain.Type.of(attributes.string());
        case NFTA_CHAIN_USERDATA ->
            comment = UserData.string(UserData.parse(attributes.bytes()), UDATA_COMMENT);
        case NFTA_CHAIN_HOOK -> {
          AttributeReader hook = attributes.nested();
          while (hook.next()) {
            switch (hook.type()) {
              case NFTA_HOOK_HOOKNUM -> point = hook.u32Be();
              case NFTA_HOOK_PRIORITY -> priority = hook.u32Be();
              default -> {}
            }
          }
        }
        default -> {}
      }
    }
    NfFamily family = NfMessages.family(message);
    NfChain.Point hookPoint = NfChain.Point.of(point);
    if (family == null) {
      return null;
    }
    NfChain.Hook hook =
        type == null || hookPoint == null
            ? null
            : new NfChain.Hook(
                type, hookPoint, priority, policy == 0 ? Verdict.Kind.DROP : Verdict.Kind.ACCEPT);
    return new NfChain(new TableName(family, table), name, hook, comment);
  }
}
