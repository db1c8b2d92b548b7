package io.fairlead.iptables;

import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.Frontend;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServicePortFragment;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * All that the chains of a Service port depend on, apart from the settings.
 *
 * @param owned its frontends, without those that other Services have
 */
record PortView(PortId id, ServicePortFragment port, SortedMap<FrontendAddress, Frontend> owned) {

  /** Null if there is no such port, or if it has no address. */
  static @Nullable PortView of(AddressClaims claims, PortId id) {
    ServiceFragment fragment = claims.fragment(id.service());
    if (fragment == null) {
      return null;
    }
    for (ServicePortFragment port : fragment.ports()) {
      if (PortId.of(id.service(), port).equals(id)) {
        SortedMap<FrontendAddress, Frontend> owned = owned(claims, id.service(), port);
        return owned.isEmpty() ? null : new PortView(id, port, owned);
      }
    }
    return null;
  }

  private static SortedMap<FrontendAddress, Frontend> owned(
      AddressClaims claims, ObjectKey service, ServicePortFragment port) {
    SortedMap<FrontendAddress, Frontend> all = port.frontends();
    if (all.keySet().stream().allMatch(address -> claims.isOwner(service, address))) {
      return all;
    }
    SortedMap<FrontendAddress, Frontend> owned = new TreeMap<>(all);
    owned.keySet().removeIf(address -> !claims.isOwner(service, address));
    return owned;
  }
}
