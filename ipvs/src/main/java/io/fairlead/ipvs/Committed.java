package io.fairlead.ipvs;

import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.ipvs.address.VirtualAddressRoutes;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the kernel has of ours, as far as we know. Not thread-safe. */
final class Committed {

  final ServerMirror servers = new ServerMirror();
  final InsideMarks marks;
  final Drain drain;
  private final Map<VirtualAddress, Destination> destinations = new HashMap<>();
  private final VirtualAddressRoutes routes;

  Committed(Drain drain, InsideMarks marks, VirtualAddressRoutes routes) {
    this.marks = marks;
    this.drain = drain;
    this.routes = routes;
  }

  /** Where each address leads. */
  Map<VirtualAddress, Destination> destinations() {
    return Collections.unmodifiableMap(destinations);
  }

  /** Leads an address somewhere else, and asks for its route where that is a Service's alone. */
  void lead(VirtualAddress address, @Nullable Destination to) {
    Destination from = to == null ? destinations.remove(address) : destinations.put(address, to);
    boolean wasVirtual = from != null && from.frontend() instanceof VirtualAddress;
    boolean isVirtual = to != null && to.frontend() instanceof VirtualAddress;
    if (isVirtual && !wasVirtual) {
      routes.want(address.address());
    } else if (wasVirtual && !isVirtual) {
      routes.unwant(address.address());
    }
  }
}
