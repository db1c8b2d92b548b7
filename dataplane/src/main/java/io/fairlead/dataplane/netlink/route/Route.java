package io.fairlead.dataplane.netlink.route;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * A route with at most one next hop. In the kernel a table holds one route for a destination and
 * metric: adding a second fails with EEXIST, replacing takes its place in one step, whosever it
 * was. Build with {@code Route.to(destination).via(gateway).dev(index)}.
 *
 * @param gateway next hop, perhaps of the other family, or null
 * @param outputIndex the link, or 0
 * @param source preferred source address, or null
 * @param protocol who made it: {@link #PROTOCOL_FAIRLEAD}, or any RTPROT_ constant
 * @param scope RT_SCOPE_ constant; the kernel knows none for IPv6, where it is 0
 * @param type RTN_ constant
 * @param metric priority, lower wins; IPv6 makes 1024 of 0
 * @param mtu bytes, or 0 to use the link's
 * @param onlink the gateway is taken to be on the link, though no address says so
 */
public record Route(
    Cidr destination,
    @Nullable IpAddress gateway,
    int outputIndex,
    @Nullable IpAddress source,
    int table,
    int protocol,
    int scope,
    int type,
    int metric,
    int mtu,
    boolean onlink)
    implements RouteEntry {

  /** The protocol number of routes that fairlead makes; not among those iproute2 names. */
  public static final int PROTOCOL_FAIRLEAD = 102;

  public static final int PROTOCOL_KERNEL = 2;
  public static final int PROTOCOL_STATIC = 4;

  public static final int TABLE_MAIN = 254;
  public static final int TABLE_LOCAL = 255;

  public static final int TYPE_UNICAST = 1;
  public static final int TYPE_LOCAL = 2;
  public static final int TYPE_BLACKHOLE = 6;
  public static final int TYPE_UNREACHABLE = 7;
  public static final int TYPE_PROHIBIT = 8;

  public static final int SCOPE_UNIVERSE = 0;
  public static final int SCOPE_LINK = 253;
  public static final int SCOPE_HOST = 254;

  private static final int METRIC_IPV6 = 1024;

  /** A unicast route of fairlead's in the main table, with the family's defaults. */
  public static Route to(Cidr destination) {
    boolean v4 = destination.family() == AddressFamily.IPV4;
    return new Route(
        destination,
        null,
        0,
        null,
        TABLE_MAIN,
        PROTOCOL_FAIRLEAD,
        v4 ? SCOPE_LINK : SCOPE_UNIVERSE,
        TYPE_UNICAST,
        v4 ? 0 : METRIC_IPV6,
        0,
        false);
  }

  public AddressFamily family() {
    return destination.family();
  }

  /** Through a next hop, which makes the scope universal. */
  public Route via(IpAddress value) {
    return new Route(
        destination,
        value,
        outputIndex,
        source,
        table,
        protocol,
        SCOPE_UNIVERSE,
        type,
        metric,
        mtu,
        onlink);
  }

  public Route dev(int linkIndex) {
    return new Route(
        destination, gateway, linkIndex, source, table, protocol, scope, type, metric, mtu, onlink);
  }

  public Route withSource(IpAddress value) {
    return new Route(
        destination,
        gateway,
        outputIndex,
        value,
        table,
        protocol,
        scope,
        type,
        metric,
        mtu,
        onlink);
  }

  public Route withTable(int value) {
    return new Route(
        destination,
        gateway,
        outputIndex,
        source,
        value,
        protocol,
        scope,
        type,
        metric,
        mtu,
        onlink);
  }

  public Route withProtocol(int value) {
    return new Route(
        destination, gateway, outputIndex, source, table, value, scope, type, metric, mtu, onlink);
  }

  public Route withScope(int value) {
    return new Route(
        destination,
        gateway,
        outputIndex,
        source,
        table,
        protocol,
        value,
        type,
        metric,
        mtu,
        onlink);
  }

  public Route withType(int value) {
    return new Route(
        destination,
        gateway,
        outputIndex,
        source,
        table,
        protocol,
        scope,
        value,
        metric,
        mtu,
        onlink);
  }

  public Route withMetric(int value) {
    int effective = value == 0 && family() == AddressFamily.IPV6 ? METRIC_IPV6 : value;
    return new Route(
        destination,
        gateway,
        outputIndex,
        source,
        table,
        protocol,
        scope,
        type,
        effective,
        mtu,
        onlink);
  }

  public Route withMtu(int value) {
    return new Route(
        destination,
        gateway,
        outputIndex,
        source,
        table,
        protocol,
        scope,
        type,
        metric,
        value,
        onlink);
  }

  public Route withOnlink() {
    return new Route(
        destination, gateway, outputIndex, source, table, protocol, scope, type, metric, mtu, true);
  }

  /** Whether the kernel would take this route in the place of the other. */
  public boolean isSamePlace(Route other) {
    return table == other.table && metric == other.metric && destination.equals(other.destination);
  }

  @Override
  public String toString() {
    return "route "
        + typeText()
        + destination
        + (gateway == null ? "" : " via " + gateway)
        + (outputIndex == 0 ? "" : " dev " + outputIndex)
        + (onlink ? " onlink" : "")
        + (source == null ? "" : " src " + source)
        + (table == TABLE_MAIN ? "" : " table " + table)
        + " proto "
        + protocol
        + (scope == SCOPE_UNIVERSE ? "" : " scope " + scope)
        + (metric == (family() == AddressFamily.IPV6 ? METRIC_IPV6 : 0) ? "" : " metric " + metric)
        + (mtu == 0 ? "" : " mtu " + mtu);
  }

  private String typeText() {
    return switch (type) {
      case TYPE_UNICAST -> "";
      case TYPE_LOCAL -> "local ";
      case TYPE_BLACKHOLE -> "blackhole ";
      case TYPE_UNREACHABLE -> "unreachable ";
      case TYPE_PROHIBIT -> "prohibit ";
      default -> "type " + type + " ";
    };
  }
}
