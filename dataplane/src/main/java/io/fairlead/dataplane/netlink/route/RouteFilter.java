package io.fairlead.dataplane.netlink.route;

import io.fairlead.dataplane.model.AddressFamily;
import org.jspecify.annotations.Nullable;

/**
 * Which routes to read; the kernel itself leaves out the others.
 *
 * @param family null for both
 * @param table 0 for all
 * @param protocol 0 for all
 * @param outputIndex 0 for all
 */
public record RouteFilter(
    @Nullable AddressFamily family, int table, int protocol, int outputIndex) {

  public static final RouteFilter ALL = new RouteFilter(null, 0, 0, 0);

  public static final RouteFilter MAIN_TABLE = ALL.withTable(Route.TABLE_MAIN);

  public RouteFilter withFamily(AddressFamily value) {
    return new RouteFilter(value, table, protocol, outputIndex);
  }

  public RouteFilter withTable(int value) {
    return new RouteFilter(family, value, protocol, outputIndex);
  }

  public RouteFilter withProtocol(int value) {
    return new RouteFilter(family, table, value, outputIndex);
  }

  public RouteFilter withOutput(int linkIndex) {
    return new RouteFilter(family, table, protocol, linkIndex);
  }

  /** Whether {@code route} is among them. */
  public boolean matches(Route route) {
    return (family == null || family == route.family())
        && (table == 0 || table == route.table())
        && (protocol == 0 || protocol == route.protocol())
        && (outputIndex == 0 || outputIndex == route.outputIndex());
  }
}
