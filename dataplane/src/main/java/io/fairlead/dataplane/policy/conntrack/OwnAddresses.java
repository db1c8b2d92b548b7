package io.fairlead.dataplane.policy.conntrack;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import java.io.IOException;
import java.util.Set;
import java.util.stream.Collectors;

/** The node's own addresses. */
@FunctionalInterface
interface OwnAddresses {

  /** Those there are now. */
  Set<IpAddress> now() throws IOException;

  /** Reads them from the kernel at each call. */
  static OwnAddresses of(RouteKernel kernel) {
    return () -> kernel.addresses(0).stream().map(LinkAddress::address).collect(Collectors.toSet());
  }
}
