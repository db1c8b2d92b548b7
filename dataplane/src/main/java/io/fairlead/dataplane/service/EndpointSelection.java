package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.EndpointSliceRecord.EndpointPort;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import io.fairlead.dataplane.service.EndpointSet.Absence;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the endpoints of a Service port: those that are ready, or where none is, those that still
 * serve while they terminate; decided for all nodes and for this one apart. And tells of each
 * endpoint why it was chosen or not.
 */
final class EndpointSelection {

  /** How an endpoint stands before it is known how the others do. */
  private enum Standing {
    READY,
    DRAINING,
    NOT_READY,
    HINTED_ELSEWHERE,
    NOT_LOCAL
  }

  /**
   * Where traffic may go.
   *
   * @param onlyNode the only node, or null for all
   * @param near which of the ready ones are near enough; null for all
   */
  private record Scope(@Nullable String onlyNode, @Nullable Topology near) {

    Standing of(Endpoint endpoint) {
      boolean draining = endpoint.serving() && endpoint.terminating();
      if (!endpoint.ready() && !draining) {
        return Standing.NOT_READY;
      }
      if (onlyNode != null && !onlyNode.equals(endpoint.node())) {
        return Standing.NOT_LOCAL;
      }
      if (!endpoint.ready()) {
        return Standing.DRAINING;
      }
      return near == null || near.includes(endpoint) ? Standing.READY : Standing.HINTED_ELSEWHERE;
    }
  }

  private final Map<EndpointAddress, Endpoint> candidates = new TreeMap<>();
  private final ServicePortRecord port;
  private final AddressFamily family;
  private final List<EndpointSliceRecord> slices;
  private final ServiceNode node;

  /**
   * @param slices of the Service, as {@link #ordered} has them
   */
  EndpointSelection(
      ServicePortRecord port,
      AddressFamily family,
      List<EndpointSliceRecord> slices,
      ServiceNode node) {
    this.port = port;
    this.family = family;
    this.slices = slices;
    this.node = node;
    for (EndpointSliceRecord slice : slices) {
      if (slice.family() == family) {
        for (EndpointPort offered : slice.ports()) {
          if (isMatch(offered)) {
            add(slice.endpoints(), offered.port());
          }
        }
      }
    }
  }

  /** In one order, so that of contradicting slices always the same one counts. */
  static List<EndpointSliceRecord> ordered(Collection<EndpointSliceRecord> slices) {
    return slices.stream().sorted(Comparator.comparing(EndpointSliceRecord::key)).toList();
  }

  private boolean isMatch(EndpointPort offered) {
    return offered.name().equals(port.name()) && offered.protocol() == port.protocol();
  }

  /**
   * Slices repeat an endpoint while it moves between them, or after its address is used again. Of
   * equal ones the first counts.
   */
  private void add(List<Endpoint> endpoints, int number) {
    for (Endpoint endpoint : endpoints) {
      if (endpoint.address().family() == family) {
        candidates.merge(
            new EndpointAddress(endpoint.address(), number), endpoint, EndpointSelection::better);
      }
    }
  }

  private static Endpoint better(Endpoint a, Endpoint b) {
    if (a.terminating() != b.terminating()) {
      return a.terminating() ? b : a;
    }
    if (a.ready() != b.ready()) {
      return a.ready() ? a : b;
    }
    return b.serving() && !a.serving() ? b : a;
  }

  /** For traffic that may go to any node, as near as the hints say. */
  EndpointSet cluster() {
    return choose(clusterScope());
  }

  /** For traffic that must stay on this node; hints have no say in it. */
  EndpointSet local() {
    return choose(localScope());
  }

  private Scope clusterScope() {
    return new Scope(null, Topology.of(candidates.values(), node));
  }

  private Scope localScope() {
    return new Scope(node.name(), null);
  }

  private EndpointSet choose(Scope scope) {
    List<EndpointAddress> ready = new ArrayList<>(candidates.size());
    List<EndpointAddress> draining = new ArrayList<>(0);
    boolean elsewhere = false;
    for (Map.Entry<EndpointAddress, Endpoint> candidate : candidates.entrySet()) {
      switch (scope.of(candidate.getValue())) {
        case READY -> ready.add(candidate.getKey());
        case DRAINING -> draining.add(candidate.getKey());
        case NOT_LOCAL -> elsewhere = true;
        case NOT_READY, HINTED_ELSEWHERE -> {}
      }
    }
    List<EndpointAddress> chosen = ready.isEmpty() ? draining : ready;
    return new EndpointSet(chosen, chosen.isEmpty() && elsewhere ? Absence.DROP : Absence.REFUSE);
  }

  /** The fate of each entry of the slices of this family, in no order. */
  List<EndpointExplanation> explain() {
    Scope cluster = clusterScope();
    Scope local = localScope();
    Set<EndpointAddress> clusterChosen = new HashSet<>(choose(cluster).endpoints());
    Set<EndpointAddress> localChosen = new HashSet<>(choose(local).endpoints());
    Set<EndpointAddress> told = new HashSet<>();
    List<EndpointExplanation> all = new ArrayList<>();
    for (EndpointSliceRecord slice : slices) {
      if (slice.family() != family) {
        continue;
      }
      List<EndpointPort> offers = slice.ports().stream().filter(this::isMatch).toList();
      for (Endpoint endpoint : slice.endpoints()) {
        if (offers.isEmpty() || endpoint.address().family() != family) {
          all.add(
              EndpointExplanation.unused(
                  port,
                  slice,
                  endpoint,
                  offers.isEmpty() ? EndpointFate.NO_SUCH_PORT : EndpointFate.OTHER_FAMILY));
          continue;
        }
        for (EndpointPort offered : offers) {
          EndpointAddress address = new EndpointAddress(endpoint.address(), offered.port());
          boolean counts = endpoint.equals(candidates.get(address)) && told.add(address);
          all.add(
              new EndpointExplanation(
                  port.name(),
                  port.protocol(),
                  slice.key(),
                  endpoint,
                  offered.port(),
                  counts
                      ? fate(cluster.of(endpoint), clusterChosen.contains(address))
                      : EndpointFate.REPEATED,
                  counts
                      ? fate(local.of(endpoint), localChosen.contains(address))
                      : EndpointFate.REPEATED));
        }
      }
    }
    return all;
  }

  private static EndpointFate fate(Standing standing, boolean chosen) {
    return switch (standing) {
      case READY -> EndpointFate.USED;
      case DRAINING -> chosen ? EndpointFate.USED_DRAINING : EndpointFate.OTHERS_READY;
      case NOT_READY -> EndpointFate.NOT_READY;
      case HINTED_ELSEWHERE -> EndpointFate.HINTED_ELSEWHERE;
      case NOT_LOCAL -> EndpointFate.NOT_LOCAL;
    };
  }
}
