package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectChange.ServiceChanged;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.TrafficPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Service (core/v1) to {@link ServiceRecord}. */
final class ServiceProjection {

  private ServiceProjection() {}

  static Projected project(Service service) {
    ObjectKey key = Fields.key(service);
    List<String> problems = new ArrayList<>();
    ServiceSpec spec = service.getSpec();
    if (spec == null || !isOurs(service, spec)) {
      return new Projected(new ServiceChanged(key, null), problems);
    }
    List<IpAddress> clusterIps = ServiceAddresses.clusterIps(spec, problems);
    ServiceRecord record = record(key, service, spec, clusterIps, problems);
    return new Projected(new ServiceChanged(key, clusterIps.isEmpty() ? null : record), problems);
  }

  private static ServiceRecord record(
      ObjectKey key,
      Service service,
      ServiceSpec spec,
      List<IpAddress> clusterIps,
      List<String> problems) {
    List<IpAddress> externalIps = ServiceAddresses.externalIps(spec, problems);
    TrafficPolicy external = ServicePolicies.external(spec, !externalIps.isEmpty(), problems);
    return new ServiceRecord(
        key,
        Fields.created(service, problems),
        clusterIps,
        externalIps,
        ServiceAddresses.balancerIps(service, problems),
        ServiceAddresses.sourceRanges(spec, problems),
        ServicePorts.of(spec, problems),
        ServicePolicies.internal(spec, problems),
        external,
        ServicePolicies.affinitySeconds(spec, problems),
        ServicePorts.healthCheck(spec, external, problems),
        ServicePolicies.ipvsScheduler(service, problems));
  }

  private static boolean isOurs(Service service, ServiceSpec spec) {
    Map<String, String> labels = service.getMetadata().getLabels();
    if (labels != null
        && (labels.containsKey(Labels.PROXY_NAME) || labels.containsKey(Labels.HEADLESS))) {
      return false;
    }
    String clusterIp = spec.getClusterIP();
    boolean none = clusterIp == null || clusterIp.isEmpty();
    boolean noneInList = spec.getClusterIPs() == null || spec.getClusterIPs().isEmpty();
    return !"ExternalName".equals(spec.getType())
        && !"None".equals(clusterIp)
        && (noneInList || !"None".equals(spec.getClusterIPs().getFirst()))
        && !(none && noneInList);
  }
}
