package io.fairlead.dataplane.netlink.route;

import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import org.jspecify.annotations.Nullable;

/** The package's codecs, for benchmarks: they are nobody else's business. */
public final class RouteCodecs {

  private RouteCodecs() {}

  /** A message that adds a route. */
  public static void write(MessageWriter writer, Route route) {
    writer.begin(RouteConstants.RTM_NEWROUTE, 0, 1);
    RouteCodec.write(writer, route);
    writer.end();
  }

  public static @Nullable Route readRoute(NetlinkMessage message) throws MalformedMessageException {
    return RouteCodec.decode(message);
  }

  /** A message that describes a link. */
  public static void write(MessageWriter writer, Link link) {
    writer.begin(RouteConstants.RTM_NEWLINK, 0, 1);
    LinkCodec.writeLink(writer, link);
    writer.end();
  }

  public static @Nullable Link readLink(NetlinkMessage message) {
    return LinkCodec.decode(message);
  }
}
