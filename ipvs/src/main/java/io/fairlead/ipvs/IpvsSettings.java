package io.fairlead.ipvs;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.ipvs.IpvsTimeouts;
import java.util.List;

/**
 * What is configured for IPVS alone.
 *
 * @param scheduler of Services that do not name one
 * @param excludeCidrs where nothing is made, changed or removed
 * @param timeouts of idle connections; 0 leaves the kernel's
 * @param drainSeconds how long an endpoint that left may keep its connections, at most
 */
public record IpvsSettings(
    Scheduling scheduler, List<Cidr> excludeCidrs, IpvsTimeouts timeouts, int drainSeconds) {

  /** kube-proxy's. */
  public static final IpvsSettings DEFAULT =
      new IpvsSettings(Scheduling.ROUND_ROBIN, List.of(), new IpvsTimeouts(0, 0, 0), 900);

  public IpvsSettings {
    excludeCidrs = List.copyOf(excludeCidrs);
    if (drainSeconds < 0) {
      throw new IllegalArgumentException("draining lasts 0 s or longer, not " + drainSeconds);
    }
  }

  boolean excludes(IpAddress address) {
    for (Cidr cidr : excludeCidrs) {
      if (cidr.contains(address)) {
        return true;
      }
    }
    return false;
  }
}
