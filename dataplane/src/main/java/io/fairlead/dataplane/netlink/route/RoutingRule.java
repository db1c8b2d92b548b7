package io.fairlead.dataplane.netlink.route;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import org.jspecify.annotations.Nullable;

/**
 * A rule that sends matching packets to a routing table (linux/fib_rules.h).
 *
 * @param priority lower numbers are asked first
 * @param from source prefix, or null for all
 * @param to destination prefix, or null for all
 * @param mark value of the packet's mark under {@code markMask}
 * @param markMask 0 if the mark does not matter
 * @param inputInterface name of the link the packet came by, or empty
 * @param protocol who made it, as with routes
 */
public record RoutingRule(
    AddressFamily family,
    int priority,
    @Nullable Cidr from,
    @Nullable Cidr to,
    int mark,
    int markMask,
    String inputInterface,
    int table,
    int protocol)
    implements RouteEntry {

  /** A rule of fairlead's for all packets. */
  public static RoutingRule of(AddressFamily family, int priority, int table) {
    return new RoutingRule(family, priority, null, null, 0, 0, "", table, Route.PROTOCOL_FAIRLEAD);
  }

  public RoutingRule withFrom(Cidr value) {
    return new RoutingRule(
        family, priority, value, to, mark, markMask, inputInterface, table, protocol);
  }

  public RoutingRule withTo(Cidr value) {
    return new RoutingRule(
        family, priority, from, value, mark, markMask, inputInterface, table, protocol);
  }

  public RoutingRule withMark(int value, int mask) {
    return new RoutingRule(
        family, priority, from, to, value, mask, inputInterface, table, protocol);
  }

  public RoutingRule withInputInterface(String name) {
    return new RoutingRule(family, priority, from, to, mark, markMask, name, table, protocol);
  }

  public RoutingRule withProtocol(int value) {
    return new RoutingRule(
        family, priority, from, to, mark, markMask, inputInterface, table, value);
  }

  @Override
  public String toString() {
    return "rule "
        + family.kubernetesName()
        + " priority "
        + priority
        + (from == null ? "" : " from " + from)
        + (to == null ? "" : " to " + to)
        + (markMask == 0
            ? ""
            : " mark 0x" + Integer.toHexString(mark) + "/0x" + Integer.toHexString(markMask))
        + (inputInterface.isEmpty() ? "" : " iif " + inputInterface)
        + " table "
        + table
        + " proto "
        + protocol;
  }
}
