package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.EndpointSliceRecord.Hints;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * Which endpoints are near enough: those hinted for this node, or those hinted for its zone, or
 * all. Hints count only if every ready endpoint has them and one of them is for us.
 *
 * @param node whose hints decide, or null
 * @param zone whose hints decide where no node's do, or null
 */
record Topology(@Nullable String node, @Nullable String zone) {

  private static final Topology ALL = new Topology(null, null);

  static Topology of(Collection<Endpoint> endpoints, ServiceNode self) {
    boolean allForNodes = true;
    boolean allForZones = true;
    boolean forNode = false;
    boolean forZone = false;
    for (Endpoint endpoint : endpoints) {
      if (!endpoint.ready()) {
        continue;
      }
      Hints hints = endpoint.hints();
      allForNodes &= !hints.nodes().isEmpty();
      allForZones &= !hints.zones().isEmpty();
      if (!allForNodes && !allForZones) {
        return ALL;
      }
      forNode |= hints.nodes().contains(self.name());
      forZone |= self.zone() != null && hints.zones().contains(self.zone());
    }
    if (allForNodes && forNode) {
      return new Topology(self.name(), null);
    }
    return allForZones && forZone ? new Topology(null, self.zone()) : ALL;
  }

  boolean includes(Endpoint endpoint) {
    return node != null
        ? endpoint.hints().nodes().contains(node)
        : zone == null || endpoint.hints().zones().contains(zone);
  }
}
