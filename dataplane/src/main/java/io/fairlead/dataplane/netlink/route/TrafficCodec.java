package io.fairlead.dataplane.netlink.route;

import static io.fairlead.dataplane.netlink.route.RouteConstants.*;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Traffic control: struct tcmsg and TCA_ attributes (linux/rtnetlink.h), the token bucket
 * (linux/pkt_sched.h), the u32 filter (linux/pkt_cls.h) and the mirred action
 * (linux/tc_act/tc_mirred.h).
 */
final class TrafficCodec {

  /** The rate's field in struct tc_ratespec has 32 bits; beyond that it says this. */
  private static final long MAX_RATE32 = 0xffffffffL;

  /** PSCHED_SHIFT of net/pkt_sched.h: the kernel counts time in ticks of 64 ns. */
  private static final int TICK_SHIFT = 6;

  private static final long NANOS = 1_000_000_000L;

  private TrafficCodec() {}

  private static MessageWriter header(
      MessageWriter writer, int linkIndex, int handle, int parent, int info) {
    return writer.u8(AF_UNSPEC).u8(0).u16(0).u32(linkIndex).u32(handle).u32(parent).u32(info);
  }

  /** Asks for all queueing disciplines. */
  static void writeDump(MessageWriter writer) {
    header(writer, 0, 0, 0, 0);
  }

  static void writeBucket(MessageWriter writer, RouteOperation.SetTokenBucket operation) {
    writeBucket(header(writer, operation.linkIndex(), 0, TC_H_ROOT, 0), operation.bucket());
  }

  private static void writeBucket(MessageWriter writer, TokenBucket bucket) {
    writer.attributeString(TCA_KIND, "tbf");
    int options = writer.beginNested(TCA_OPTIONS);
    int parameters = writer.beginAttribute(TCA_TBF_PARMS);
    // struct tc_ratespec: u8 cell log, u8 link layer, u16 overhead, s16 cell align, u16 mpu, u32
    // rate; of the whole once for the rate and once for the peak rate, which there is none of.
    writer.u8(0).u8(TC_LINKLAYER_ETHERNET).u16(0).u16(0).u16(0);
    writer.u32((int) Math.min(bucket.rate(), MAX_RATE32));
    writer.zeros(12).u32(bucket.limit()).u32(ticks(bucket)).u32(0);
    writer.endAttribute(parameters).attributeU32(TCA_TBF_BURST, bucket.burst());
    if (bucket.rate() > MAX_RATE32) {
      writer.attributeU64(TCA_TBF_RATE64, bucket.rate());
    }
    writer.endAttribute(options);
  }

  /** How long the burst takes at the rate; the kernel says only this of the burst. */
  private static int ticks(TokenBucket bucket) {
    double nanos = (double) bucket.burst() * NANOS / bucket.rate();
    return (int) Math.min((long) nanos >>> TICK_SHIFT, MAX_RATE32);
  }

  static void writeIngress(MessageWriter writer, int linkIndex) {
    header(writer, linkIndex, INGRESS_HANDLE, TC_H_INGRESS, 0).attributeString(TCA_KIND, "ingress");
  }

  static void writeRedirect(MessageWriter writer, RouteOperation.AddRedirect operation) {
    int info = FILTER_PRIORITY << 16 | ETH_P_ALL_BIG_ENDIAN;
    header(writer, operation.linkIndex(), 0, INGRESS_HANDLE, info);
    writer.attributeString(TCA_KIND, "u32");
    int options = writer.beginNested(TCA_OPTIONS);
    int actions = writer.beginNested(TCA_U32_ACT);
    int first = writer.beginNested(1);
    writer.attributeString(TCA_ACT_KIND, "mirred");
    int action = writer.beginNested(TCA_ACT_OPTIONS);
    int mirred = writer.beginAttribute(TCA_MIRRED_PARMS);
    // struct tc_mirred: u32 index, u32 capab, s32 action, s32 references, s32 bindings, s32
    // direction, u32 link
    writer.u32(0).u32(0).u32(TC_ACT_STOLEN).u32(0).u32(0);
    writer.u32(TCA_EGRESS_REDIR).u32(operation.targetIndex());
    writer.endAttribute(mirred).endAttribute(action).endAttribute(first).endAttribute(actions);
    int selector = writer.beginAttribute(TCA_U32_SEL);
    // struct tc_u32_sel: u8 flags, u8 offset shift, u8 number of keys, a byte, u16 offset mask,
    // 3 x u16 offsets, u32 hash mask; one struct tc_u32_key of 16 bytes, which matches everything.
    writer.u8(TC_U32_TERMINAL).u8(0).u8(1).u8(0).zeros(12).zeros(16);
    writer.endAttribute(selector).endAttribute(options);
  }

  /** Writes what {@link #decode} reads, as the kernel would; for tests. */
  static void writeDiscipline(MessageWriter writer, QueueDiscipline discipline) {
    int parent = discipline.root() ? TC_H_ROOT : TC_H_INGRESS;
    header(writer, discipline.linkIndex(), 0, parent, 1);
    TokenBucket bucket = discipline.bucket();
    if (bucket == null) {
      writer.attributeString(TCA_KIND, discipline.kernelName());
    } else {
      writeBucket(writer, bucket);
    }
  }

  static QueueDiscipline decode(NetlinkMessage message) {
    String kind = "";
    AttributeReader options = null;
    AttributeReader attributes = message.attributes(TRAFFIC_HEADER);
    while (attributes.next()) {
      switch (attributes.type()) {
        case TCA_KIND -> kind = attributes.string();
        case TCA_OPTIONS -> options = attributes.nested();
        default -> {}
      }
    }
    return new QueueDiscipline(
        message.u32(4),
        message.u32(12) == TC_H_ROOT,
        kind,
        kind.equals("tbf") && options != null ? decodeBucket(options) : null);
  }

  private static @Nullable TokenBucket decodeBucket(AttributeReader options) {
    long rate = 0;
    long limit = 0;
    long ticks = 0;
    while (options.next()) {
      switch (options.type()) {
        case TCA_TBF_PARMS -> {
          byte[] bytes = options.bytes();
          if (bytes.length >= TBF_PARMS_LENGTH) {
            rate = Math.max(rate, u32(bytes, 8));
            limit = u32(bytes, 24);
            ticks = u32(bytes, 28);
          }
        }
        case TCA_TBF_RATE64 -> rate = options.u64();
        default -> {}
      }
    }
    // A burst comes back as a time, with some bytes lost to rounding, or all to too long a time.
    double burst = (double) (ticks << TICK_SHIFT) * rate / NANOS;
    return rate > 0 && limit > 0 && limit <= Integer.MAX_VALUE
        ? new TokenBucket(rate, Math.clamp(Math.round(burst), 1, Integer.MAX_VALUE), (int) limit)
        : null;
  }

  private static long u32(byte[] bytes, int at) {
    return Integer.toUnsignedLong(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).getInt(at));
  }
}
