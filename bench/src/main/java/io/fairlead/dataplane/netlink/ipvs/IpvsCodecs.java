package io.fairlead.dataplane.netlink.ipvs;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import io.fairlead.dataplane.netlink.generic.GenericFamily;

/** The package's codecs, for benchmarks: they are nobody else's business. */
public final class IpvsCodecs {

  private IpvsCodecs() {}

  /** A message that makes a change. */
  public static void write(MessageWriter writer, GenericFamily family, IpvsOperation operation) {
    writer.begin(family.id(), 0, 1);
    IpvsMessages.write(writer, family, operation);
    writer.end();
  }

  /** The real server in a message that adds one, or in an answer. */
  public static RealServerStatus readRealServer(NetlinkMessage message)
      throws MalformedMessageException {
    return RealServerCodec.decode(message, AddressFamily.IPV4);
  }
}
