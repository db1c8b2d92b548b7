/**
 * rtnetlink: links, addresses, routes, rules, neighbours, forwarding entries and bridge ports.
 * {@link io.fairlead.dataplane.netlink.route.RouteKernel} is the way in.
 */
@NullMarked
package io.fairlead.dataplane.netlink.route;

import org.jspecify.annotations.NullMarked;
