package io.fairlead.dataplane.testing.behaviour;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.service.LocalPods;
import io.fairlead.dataplane.testing.behaviour.EndpointMix.Backing;
import io.fairlead.dataplane.testing.behaviour.EndpointMix.Condition;
import io.fairlead.dataplane.testing.behaviour.Expectation.Answer;
import io.fairlead.dataplane.testing.behaviour.Expectation.Refusal;
import io.fairlead.dataplane.testing.behaviour.Expectation.Silence;
import io.fairlead.dataplane.testing.behaviour.Expectation.Source;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What Kubernetes promises, said a second time and in other words than the code under test: what a
 * client of a Service must meet, from the Service's fields and the node's configuration alone.
 */
final class Oracle {

  private final Situation situation;

  Oracle(Situation situation) {
    this.situation = situation;
  }

  Expectation expect(Case cell) {
    Variant service = cell.service();
    if (cell.path() == Path.LOAD_BALANCER && !isAdmitted(cell)) {
      return new Silence();
    }
    Set<Host> servers = usable(service, onlyLocal(cell) ? Host::isLocalPod : pod -> true);
    if (!servers.isEmpty()) {
      return new Answer(servers, source(cell));
    }
    // Policy Local promises that somebody else serves, if somebody does (services 23, 24).
    return usable(service, Host::isRemotePod).isEmpty() ? new Refusal() : new Silence();
  }

  /** The ready ones, or else those that drain, among the pods that count (services 15, 16). */
  private static Set<Host> usable(Variant service, Predicate<Host> counts) {
    Set<Host> ready = EnumSet.noneOf(Host.class);
    Set<Host> draining = EnumSet.noneOf(Host.class);
    for (Backing backing : service.mix().backings()) {
      if (counts.test(backing.pod())) {
        if (backing.condition() == Condition.READY) {
          ready.add(backing.pod());
        } else if (backing.condition() == Condition.DRAINING) {
          draining.add(backing.pod());
        }
      }
    }
    return ready.isEmpty() ? draining : ready;
  }

  /** Whether the client is confined to this node's endpoints (services 25, 28, 29). */
  private boolean onlyLocal(Case cell) {
    if (cell.path() == Path.CLUSTER_IP) {
      return cell.service().internal() == TrafficPolicy.LOCAL;
    }
    boolean inside = cell.client() == Host.NODE || isKnownPod(cell.client());
    return cell.service().external() == TrafficPolicy.LOCAL && !inside;
  }

  private boolean isKnownPod(Host client) {
    return switch (situation.localPods()) {
      case LocalPods.Unknown _ -> false;
      case LocalPods.Networks(List<Cidr> cidrs) ->
          client.isLocalPod() || (client.isRemotePod() && cidrs.equals(BehaviourLab.CLUSTER_PODS));
      case LocalPods.Interface _, LocalPods.InterfacePrefix _ -> client.isLocalPod();
    };
  }

  /** services 26, 27, 28. The node's own packets have its address in any case. */
  private Source source(Case cell) {
    if (cell.client() == Host.NODE) {
      return Source.NODE;
    }
    if (cell.path() != Path.CLUSTER_IP) {
      return cell.service().external() == TrafficPolicy.CLUSTER ? Source.NODE : Source.CLIENT;
    }
    boolean canTell = !(situation.localPods() instanceof LocalPods.Unknown);
    boolean masqueraded = situation.masqueradeAll() || (canTell && !isKnownPod(cell.client()));
    return masqueraded ? Source.NODE : Source.CLIENT;
  }

  /** services 9, 30. A family that a list does not speak of is not restricted. */
  private static boolean isAdmitted(Case cell) {
    List<Cidr> ranges = cell.service().sources().ranges();
    if (ranges == null) {
      return true;
    }
    List<Cidr> family = ranges.stream().filter(range -> range.family() == cell.family()).toList();
    return (family.isEmpty() && !ranges.isEmpty())
        || family.stream().anyMatch(range -> range.contains(cell.client().address(cell.family())));
  }
}
