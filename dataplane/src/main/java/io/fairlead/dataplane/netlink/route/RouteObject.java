package io.fairlead.dataplane.netlink.route;

/** Anything rtnetlink tells of. Its text is canonical: equal objects print alike. */
public sealed interface RouteObject permits Link, RouteEntry {}
