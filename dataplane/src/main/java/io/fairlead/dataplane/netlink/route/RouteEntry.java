package io.fairlead.dataplane.netlink.route;

/** An object that is added, replaced and deleted as a whole. */
public sealed interface RouteEntry extends RouteObject
    permits LinkAddress, Route, RoutingRule, Neighbour, ForwardingEntry {}
