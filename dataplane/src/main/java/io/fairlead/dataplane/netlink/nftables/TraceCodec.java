package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import org.jspecify.annotations.Nullable;

/** Steps of traced packets as messages. */
final class TraceCodec {

  /** enum nft_trace_attributes. */
  private static final int NFTA_TRACE_TABLE = 1;

  private static final int NFTA_TRACE_CHAIN = 2;
  private static final int NFTA_TRACE_RULE_HANDLE = 3;
  private static final int NFTA_TRACE_TYPE = 4;
  private static final int NFTA_TRACE_VERDICT = 5;
  private static final int NFTA_TRACE_ID = 6;
  private static final int NFTA_TRACE_NETWORK_HEADER = 8;
  private static final int NFTA_TRACE_TRANSPORT_HEADER = 9;
  private static final int NFTA_TRACE_IIF = 10;
  private static final int NFTA_TRACE_OIF = 12;
  private static final int NFTA_TRACE_MARK = 14;
  private static final int NFTA_TRACE_POLICY = 16;

  /** enum nft_verdict_attributes. */
  private static final int NFTA_VERDICT_CODE = 1;

  private static final int NFTA_VERDICT_CHAIN = 2;

  private TraceCodec() {}

  /** The step, or null if the message is of another kind, or of a family not known here. */
  static @Nullable TraceEvent read(NetlinkMessage message) {
    NfFamily family = NfMessages.family(message);
    if (NfMessages.message(message) != NfMessages.TRACE || family == null) {
      return null;
    }
    String table = "";
    String chain = "";
    long rule = 0;
    int kind = 0;
    String verdict = "";
    int id = 0;
    int mark = 0;
    int input = 0;
    int output = 0;
    Bytes network = Bytes.EMPTY;
    Bytes transport = Bytes.EMPTY;
    AttributeReader attributes = message.attributes(NfMessages.HEADER);
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_TRACE_TABLE -> table = attributes.string();
        case NFTA_TRACE_CHAIN -> chain = attributes.string();
        case NFTA_TRACE_RULE_HANDLE -> rule = attributes.u64Be();
        case NFTA_TRACE_TYPE -> kind = attributes.u32Be();
        case NFTA_TRACE_VERDICT -> verdict = verdict(attributes.nested());
        case NFTA_TRACE_POLICY -> verdict = verdict(attributes.u32Be(), "");
        case NFTA_TRACE_ID -> id = attributes.u32Be();
        case NFTA_TRACE_NETWORK_HEADER -> network = Bytes.of(attributes.bytes());
        case NFTA_TRACE_TRANSPORT_HEADER -> transport = Bytes.of(attributes.bytes());
        case NFTA_TRACE_IIF -> input = attributes.u32Be();
        case NFTA_TRACE_OIF -> output = attributes.u32Be();
        case NFTA_TRACE_MARK -> mark = attributes.u32Be();
        default -> {}
      }
    }
    TraceEvent.Kind known = kind(kind);
    return known == null
        ? null
        : new TraceEvent(
            id,
            known,
            new TableName(family, table),
            chain,
            rule,
            verdict,
            mark,
            input,
            output,
            network,
            transport);
  }

  private static TraceEvent.@Nullable Kind kind(int number) {
    return switch (number) {
      case 1 -> TraceEvent.Kind.POLICY;
      case 2 -> TraceEvent.Kind.RETURN;
      case 3 -> TraceEvent.Kind.RULE;
      default -> null;
    };
  }

  private static String verdict(AttributeReader attributes) {
    int code = 0;
    String chain = "";
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_VERDICT_CODE -> code = attributes.u32Be();
        case NFTA_VERDICT_CHAIN -> chain = attributes.string();
        default -> {}
      }
    }
    return verdict(code, chain);
  }

  /** NF_DROP and so on of linux/netfilter.h, whose upper half may say more, and nft_verdicts. */
  private static String verdict(int code, String chain) {
    return switch (code) {
      case -1 -> "continue";
      case -2 -> "break";
      case -3 -> "jump " + chain;
      case -4 -> "goto " + chain;
      case -5 -> "return";
      default ->
          switch (code & 0xff) {
            case 0 -> "drop";
            case 1 -> "accept";
            case 2 -> "stolen";
            case 3 -> "queue";
            default -> "verdict " + code;
          };
    };
  }
}
