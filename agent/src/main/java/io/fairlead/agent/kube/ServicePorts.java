package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.model.ServiceRecord.ServicePortRecord;
import io.fairlead.dataplane.model.TrafficPolicy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The ports of a Service. */
final class ServicePorts {

  private record Numbered(Protocol protocol, int number) {}

  private final ServiceSpec spec;
  private final List<String> problems;
  private final Set<Numbered> seen = new HashSet<>();
  private final Set<Numbered> seenNodePorts = new HashSet<>();

  private ServicePorts(ServiceSpec spec, List<String> problems) {
    this.spec = spec;
    this.problems = problems;
  }

  static List<ServicePortRecord> of(ServiceSpec spec, List<String> problems) {
    List<ServicePort> given = spec.getPorts();
    if (given == null) {
      return List.of();
    }
    ServicePorts ports = new ServicePorts(spec, problems);
    List<ServicePortRecord> records = new ArrayList<>(given.size());
    for (int i = 0; i < given.size(); i++) {
      ServicePortRecord record = ports.port("spec.ports[" + i + "]", given.get(i));
      if (record != null) {
        records.add(record);
      }
    }
    return records;
  }

  private @Nullable ServicePortRecord port(String place, @Nullable ServicePort port) {
    if (port == null) {
      problems.add(place + " is empty");
      return null;
    }
    Protocol protocol = Fields.protocol(place, port.getProtocol(), problems);
    Integer number = Fields.port(place, port.getPort(), problems);
    if (protocol == null || number == null) {
      return null;
    }
    if (!seen.add(new Numbered(protocol, number))) {
      problems.add(place + " repeats " + protocol + " " + number);
      return null;
    }
    String name = port.getName();
    return new ServicePortRecord(
        name == null ? "" : name.intern(),
        protocol,
        number,
        nodePort(place + ".nodePort", protocol, port.getNodePort()));
  }

  /** 0 for none: none was allocated, or the Service is of a type that has none. */
  private int nodePort(String place, Protocol protocol, @Nullable Integer given) {
    if (given == null || given == 0 || !ServiceTypes.hasNodePorts(spec)) {
      return 0;
    }
    Integer number = Fields.port(place, given, problems);
    if (number == null) {
      return 0;
    }
    if (!seenNodePorts.add(new Numbered(protocol, number))) {
      problems.add(place + " repeats " + protocol + " " + number);
      return 0;
    }
    return number;
  }

  /** 0 for none: only load balancers that look for local endpoints ask for them. */
  static int healthCheck(ServiceSpec spec, TrafficPolicy external, List<String> problems) {
    Integer given = spec.getHealthCheckNodePort();
    if (given == null
        || given == 0
        || external != TrafficPolicy.LOCAL
        || !ServiceTypes.isLoadBalancer(spec)) {
      return 0;
    }
    Integer number = Fields.port("spec.healthCheckNodePort", given, problems);
    return number == null ? 0 : number;
  }
}
