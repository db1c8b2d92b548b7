package io.fairlead.agent.subsystem.service;

import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.server.Selection;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.AddressClaims.Conflict;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Services at one moment, so that reports of them can be made on any thread: the reconciling one
 * only picks up what is immutable already.
 *
 * @param services in order
 */
record ServiceSnapshot(List<Entry> services, List<Conflict> conflicts, ServiceNode node) {

  /**
   * A Service.
   *
   * @param fragment what it asks of this node; null if it is not taken over yet, or not served
   */
  record Entry(
      ServiceRecord service,
      List<EndpointSliceRecord> slices,
      @Nullable ServiceFragment fragment) {}

  /** Takes those that are selected. On the reconciling thread. */
  static ServiceSnapshot take(
      ClusterView view, AddressClaims claims, ServiceNode node, Selection selection) {
    List<Entry> services = new ArrayList<>();
    for (ServiceRecord service : view.services()) {
      ObjectKey key = service.key();
      if (selection.includes(key.namespace(), key.name())) {
        services.add(new Entry(service, List.copyOf(view.slices(key)), claims.fragment(key)));
      }
    }
    services.sort(Comparator.comparing((Entry entry) -> entry.service().key()));
    return new ServiceSnapshot(services, claims.conflicts(), node);
  }
}
