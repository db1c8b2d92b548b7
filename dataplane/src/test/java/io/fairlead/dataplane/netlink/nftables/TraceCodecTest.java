package io.fairlead.dataplane.netlink.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Steps as the kernel writes them (nft_trace_notify of net/netfilter/nf_tables_trace.c). */
class TraceCodecTest {

  private static final TableName TABLE = TableName.inet("fairlead");

  private static @Nullable TraceEvent decode(int message, int kind, int code, String chain) {
    MessageWriter writer = new MessageWriter();
    writer.begin(NfMessages.type(message), 0, 0);
    NfMessages.header(writer, NfFamily.INET);
    writer
        .attributeU32Be(15, 2)
        .attributeU32Be(6, 0xcafe)
        .attributeU32Be(4, kind)
        .attributeString(2, "from-pods")
        .attributeString(1, "fairlead");
    if (kind == 3) {
      writer.attributeU64Be(3, 77);
    }
    if (kind == 1) {
      writer.attributeU32Be(16, code);
    } else {
      int verdict = writer.beginNested(5);
      writer.attributeU32Be(1, code);
      if (!chain.isEmpty()) {
        writer.attributeString(2, chain);
      }
      writer.endAttribute(verdict);
    }
    writer.attributeU32Be(10, 4).attributeU32Be(12, 5).attributeU32Be(14, 0x4000);
    writer.attributeBytes(8, new byte[] {0x45, 0}).attributeBytes(9, new byte[] {1, 2});
    writer.end();
    return TraceCodec.read(NetlinkMessage.parse(writer.toBytes()));
  }

  private static TraceEvent event(TraceEvent.Kind kind, long rule, String verdict) {
    Bytes network = Bytes.of((byte) 0x45, (byte) 0);
    Bytes transport = Bytes.of((byte) 1, (byte) 2);
    return new TraceEvent(
        0xcafe, kind, TABLE, "from-pods", rule, verdict, 0x4000, 4, 5, network, transport);
  }

  @Test
  void stepsAreRead() {
    int trace = NfMessages.TRACE;
    assertThat(decode(trace, 3, -4, "endpoints-2"))
        .isEqualTo(event(TraceEvent.Kind.RULE, 77, "goto endpoints-2"));
    assertThat(decode(trace, 3, -3, "refusals"))
        .isEqualTo(event(TraceEvent.Kind.RULE, 77, "jump refusals"));
    assertThat(decode(trace, 3, -1, "")).isEqualTo(event(TraceEvent.Kind.RULE, 77, "continue"));
    assertThat(decode(trace, 3, 0, "")).isEqualTo(event(TraceEvent.Kind.RULE, 77, "drop"));
    assertThat(decode(trace, 3, 0x10003, "")).isEqualTo(event(TraceEvent.Kind.RULE, 77, "queue"));
    assertThat(decode(trace, 2, -5, "")).isEqualTo(event(TraceEvent.Kind.RETURN, 0, "return"));
    assertThat(decode(trace, 1, 1, "")).isEqualTo(event(TraceEvent.Kind.POLICY, 0, "accept"));
  }

  @Test
  void otherMessagesAreNone() {
    assertThat(decode(NfMessages.NEW_GENERATION, 3, 0, "")).isNull();
    assertThat(decode(NfMessages.TRACE, 9, 0, "")).isNull();
  }
}
