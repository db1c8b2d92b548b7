package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectChange.ServiceChanged;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
    List<IpAddress> addresses = addresses(spec, problems);
    List<ServicePortRecord> ports = ports(spec, problems);
    ServiceRecord record =
        addresses.isEmpty() ? null : ServiceRecord.ofClusterIps(key, addresses, ports);
    return new Projected(new ServiceChanged(key, record), problems);
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

  private static List<IpAddress> addresses(ServiceSpec spec, List<String> problems) {
    List<String> texts = spec.getClusterIPs();
    if (texts == null || texts.isEmpty()) {
      texts = List.of(spec.getClusterIP());
    }
    List<IpAddress> addresses = new ArrayList<>(texts.size());
    for (String text : texts) {
      IpAddress address = Fields.address("spec.clusterIPs", text, problems);
      if (address == null) {
        continue;
      }
      if (addresses.stream().anyMatch(other -> other.family() == address.family())) {
        problems.add("spec.clusterIPs has a second address of one IP family, " + address);
      } else {
        addresses.add(address);
      }
    }
    return addresses;
  }

  private static List<ServicePortRecord> ports(ServiceSpec spec, List<String> problems) {
    List<ServicePort> given = spec.getPorts();
    if (given == null) {
      return List.of();
    }
    List<ServicePortRecord> ports = new ArrayList<>(given.size());
    Set<Map.Entry<Protocol, Integer>> seen = new HashSet<>();
    for (int i = 0; i < given.size(); i++) {
      ServicePort port = given.get(i);
      String place = "spec.ports[" + i + "]";
      if (port == null) {
        problems.add(place + " is empty");
        continue;
      }
      Protocol protocol = Fields.protocol(place, port.getProtocol(), problems);
      Integer number = Fields.port(place, port.getPort(), problems);
      if (protocol == null || number == null) {
        continue;
      }
      if (!seen.add(Map.entry(protocol, number))) {
        problems.add(place + " repeats " + protocol + " " + number);
        continue;
      }
      ports.add(new ServicePortRecord(name(port.getName()), protocol, number));
    }
    return ports;
  }

  private static String name(@Nullable String name) {
    return name == null ? "" : name.intern();
  }
}
