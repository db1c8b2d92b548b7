package io.fairlead.agent.subsystem.service;

import io.fairlead.agent.metrics.ServiceTraffic;
import io.fairlead.agent.server.EndpointsReport;
import io.fairlead.agent.server.ServicesReport;
import io.fairlead.agent.server.ServicesReport.Frontend;
import io.fairlead.agent.server.ServicesReport.Port;
import io.fairlead.agent.server.ServicesReport.Service;
import io.fairlead.agent.source.SkippedObject;
import io.fairlead.agent.subsystem.service.ServiceSnapshot.Entry;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.EndpointSliceRecord.Endpoint;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.TrafficPolicy;
import io.fairlead.dataplane.service.AddressClaims.Conflict;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.EndpointExplanation;
import io.fairlead.dataplane.service.EndpointFate;
import io.fairlead.dataplane.service.Frontend.Reach;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServicePortFragment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Services and their endpoints as reports. Pure. */
final class ServiceReports {

  private ServiceReports() {}

  /**
   * What the node makes of its Services.
   *
   * @param counters of frontends; null if they are not to be told
   * @param skipped Services that are left out, wholly or in part
   */
  static ServicesReport services(
      ServiceSnapshot snapshot,
      String proxyMode,
      @Nullable Collection<ServiceTraffic.Counters> counters,
      Collection<SkippedObject> skipped) {
    Map<String, ServiceTraffic.Counters> counted = new HashMap<>();
    if (counters != null) {
      counters.forEach(one -> counted.put(one.service() + " " + one.frontend(), one));
    }
    Map<String, String> owners = new HashMap<>();
    for (Conflict conflict : snapshot.conflicts()) {
      owners.put(conflict.refused() + " " + conflict.address(), conflict.owner().toString());
    }
    Map<String, String> reasons = new TreeMap<>();
    skipped.forEach(object -> reasons.put(object.name(), object.reason()));
    List<Service> services = new ArrayList<>();
    for (Entry entry : snapshot.services()) {
      ObjectKey key = entry.service().key();
      String reason = reasons.remove(key.toString());
      services.add(
          service(
              entry,
              ports(entry, snapshot, counters != null, counted, owners),
              reason == null ? "" : reason));
    }
    reasons.forEach((name, reason) -> services.add(leftOut(name, reason)));
    services.sort(Comparator.comparing(Service::namespace).thenComparing(Service::name));
    return new ServicesReport(snapshot.node().name(), proxyMode, services);
  }

  private static Service service(Entry entry, List<Port> ports, String reason) {
    ServiceRecord service = entry.service();
    return new Service(
        service.key().namespace(),
        service.key().name(),
        text(service.internalPolicy()),
        text(service.externalPolicy()),
        service.affinitySeconds(),
        service.ipvsScheduler(),
        ports,
        reason);
  }

  private static Service leftOut(String name, String reason) {
    int slash = name.indexOf('/');
    return new Service(
        slash < 0 ? "" : name.substring(0, slash),
        name.substring(slash + 1),
        "",
        "",
        0,
        "",
        List.of(),
        reason);
  }

  private static List<Port> ports(
      Entry entry,
      ServiceSnapshot snapshot,
      boolean counting,
      Map<String, ServiceTraffic.Counters> counted,
      Map<String, String> owners) {
    ServiceFragment fragment = entry.fragment();
    if (fragment == null) {
      return List.of();
    }
    List<EndpointExplanation> explained =
        EndpointExplanation.of(entry.service(), entry.slices(), snapshot.node());
    List<Port> ports = new ArrayList<>();
    for (ServicePortFragment port : fragment.ports()) {
      List<Frontend> frontends = new ArrayList<>();
      port.frontends()
          .forEach((address, frontend) -> {
            String id = fragment.service() + " " + address;
            frontends.add(
                frontend(
                    address, frontend, owners.getOrDefault(id, ""), counting, counted.get(id)));
          });
      ports.add(
          new Port(
              port.name(),
              text(port.protocol()),
              port.family().kubernetesName(),
              frontends,
              reaches(port, Reach.LOCAL) ? port.cluster().size() : -1,
              reaches(port, Reach.CLUSTER) ? port.local().size() : -1,
              (int) explained.stream().filter(one -> isKnown(one, port)).count()));
    }
    return ports;
  }

  /** Whether a port has a frontend of another reach. */
  private static boolean reaches(ServicePortFragment port, Reach other) {
    return port.frontends().values().stream().anyMatch(frontend -> frontend.reach() != other);
  }

  private static boolean isKnown(EndpointExplanation one, ServicePortFragment port) {
    return one.port() != 0
        && one.cluster() != EndpointFate.REPEATED
        && one.endpoint().address().family() == port.family()
        && one.protocol() == port.protocol()
        && one.portName().equals(port.name());
  }

  private static Frontend frontend(
      FrontendAddress address,
      io.fairlead.dataplane.service.Frontend frontend,
      String owner,
      boolean counting,
      ServiceTraffic.@Nullable Counters counters) {
    List<Cidr> allowed = frontend.allowedSources();
    long unused = counting && owner.isEmpty() ? 0 : -1;
    return new Frontend(
        text(frontend.kind()),
        address.toString(),
        text(frontend.reach()),
        allowed == null
            ? List.of()
            : allowed.isEmpty() ? List.of("none") : allowed.stream().map(Cidr::toString).toList(),
        owner,
        counters == null ? unused : counters.connections(),
        counters == null ? unused : counters.bytes(),
        counters == null ? unused : counters.refused(),
        counters == null ? unused : counters.dropped());
  }

  /** What becomes of every endpoint that the slices list. */
  static EndpointsReport endpoints(ServiceSnapshot snapshot) {
    List<EndpointsReport.Endpoint> endpoints = new ArrayList<>();
    for (Entry entry : snapshot.services()) {
      ServiceFragment fragment = entry.fragment();
      boolean local =
          fragment != null
              && fragment.ports().stream().anyMatch(port -> reaches(port, Reach.CLUSTER));
      for (EndpointExplanation one :
          EndpointExplanation.of(entry.service(), entry.slices(), snapshot.node())) {
        endpoints.add(endpoint(entry.service().key(), one, local));
      }
    }
    String zone = snapshot.node().zone();
    return new EndpointsReport(snapshot.node().name(), zone == null ? "" : zone, endpoints);
  }

  private static EndpointsReport.Endpoint endpoint(
      ObjectKey service, EndpointExplanation one, boolean local) {
    Endpoint endpoint = one.endpoint();
    String node = endpoint.node();
    return new EndpointsReport.Endpoint(
        service.namespace(),
        service.name(),
        one.portName(),
        text(one.protocol()),
        one.port() == 0
            ? endpoint.address().toString()
            : new EndpointAddress(endpoint.address(), one.port()).toString(),
        one.slice().name(),
        node == null ? "" : node,
        endpoint.hints().zones(),
        endpoint.hints().nodes(),
        endpoint.ready(),
        endpoint.serving(),
        endpoint.terminating(),
        one.cluster().name(),
        one.local().name(),
        one.cluster().sentence(),
        local ? one.local().sentence() : "");
  }

  private static String text(Protocol protocol) {
    return protocol.name().toLowerCase(Locale.ROOT);
  }

  private static String text(TrafficPolicy policy) {
    return switch (policy) {
      case CLUSTER -> "Cluster";
      case LOCAL -> "Local";
    };
  }

  private static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
