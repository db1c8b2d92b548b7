package io.fairlead.dataplane.service.conntrack;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.route.LinkAddress;
import io.fairlead.dataplane.netlink.route.RouteKernel;
import io.fairlead.dataplane.service.ServiceSettings;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/** The node's own addresses that serve node ports. */
@FunctionalInterface
public interface NodePortAddresses {

  /** Those there are now. */
  Set<IpAddress> now() throws IOException;

  /**
   * Reads them from the kernel at each call.
   *
   * @param settings which of the node's addresses serve node ports
   */
  static NodePortAddresses of(RouteKernel kernel, Supplier<ServiceSettings> settings) {
    List<Cidr> loopback = List.of(Cidr.parse("127.0.0.0/8"), Cidr.parse("::1/128"));
    return () -> {
      ServiceSettings current = settings.get();
      Set<IpAddress> addresses = new HashSet<>();
      for (LinkAddress own : kernel.addresses(0)) {
        IpAddress address = own.address();
        List<Cidr> networks = current.nodePortAddresses(address.family());
        if ((networks.isEmpty() || isIn(address, networks)) && !isIn(address, loopback)) {
          addresses.add(address);
        }
      }
      return addresses;
    };
  }

  private static boolean isIn(IpAddress address, List<Cidr> networks) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }
}
