package io.fairlead.dataplane.netlink.conntrack;

import static io.fairlead.dataplane.netlink.conntrack.ConntrackConstants.CTA_ID;
import static io.fairlead.dataplane.netlink.conntrack.ConntrackConstants.CTA_STATUS;
import static io.fairlead.dataplane.netlink.conntrack.ConntrackConstants.CTA_TIMEOUT;
import static io.fairlead.dataplane.netlink.conntrack.ConntrackConstants.CTA_TUPLE_ORIG;
import static io.fairlead.dataplane.netlink.conntrack.ConntrackConstants.CTA_TUPLE_REPLY;

import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;

/** The package's codecs, for benchmarks: they are nobody else's business. */
public final class ConntrackCodecs {

  private ConntrackCodecs() {}

  /** A message that deletes an entry. */
  public static void writeDelete(MessageWriter writer, ConntrackEntry entry) {
    writer.begin(0, 0, 1);
    ConntrackMessages.writeDelete(writer, entry);
    writer.end();
  }

  /** A message that describes an entry, with what an answer has of it that matters here. */
  public static void write(MessageWriter writer, ConntrackEntry entry) {
    writer.begin(0, 0, 1);
    // struct nfgenmsg of linux/netfilter/nfnetlink.h: family, version, resource.
    writer.u8(entry.family().number()).u8(0).u16Be(0);
    ConntrackMessages.writeTuple(writer, CTA_TUPLE_ORIG, entry.original(), entry.zone(), true);
    ConntrackMessages.writeTuple(writer, CTA_TUPLE_REPLY, entry.reply(), entry.zone(), false);
    writer
        .attributeU32Be(CTA_STATUS, entry.status())
        .attributeU32Be(CTA_TIMEOUT, entry.timeout())
        .attributeU32Be(CTA_ID, entry.id());
    writer.end();
  }

  public static ConntrackEntry read(NetlinkMessage message) throws MalformedMessageException {
    return ConntrackDecoder.decode(message);
  }
}
