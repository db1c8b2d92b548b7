package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.EndpointSliceRecord;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectChange.EndpointSliceChanged;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** EndpointSlice (discovery.k8s.io/v1) to {@link EndpointSliceRecord}. */
final class EndpointSliceProjection {

  private EndpointSliceProjection() {}

  static Projected project(EndpointSlice slice) {
    ObjectKey key = Fields.key(slice);
    List<String> problems = new ArrayList<>();
    return new Projected(new EndpointSliceChanged(key, record(key, slice, problems)), problems);
  }

  private static @Nullable EndpointSliceRecord record(
      ObjectKey key, EndpointSlice slice, List<String> problems) {
    Map<String, String> labels = slice.getMetadata().getLabels();
    String service = labels == null ? null : labels.get(Labels.SERVICE_NAME);
    if (service == null
        || service.isEmpty()
        || labels.containsKey(Labels.PROXY_NAME)
        || labels.containsKey(Labels.HEADLESS)) {
      return null;
    }
    AddressFamily family = family(slice.getAddressType(), problems);
    if (family == null) {
      return null;
    }
    Map<String, String> annotations = slice.getMetadata().getAnnotations();
    return new EndpointSliceRecord(
        key,
        new ObjectKey(key.namespace(), service),
        family,
        ports(slice, problems),
        endpoints(slice, family, problems),
        Fields.millis(
            "annotation " + Labels.TRIGGER_TIME,
            annotations == null ? null : annotations.get(Labels.TRIGGER_TIME),
            problems));
  }

  private static @Nullable AddressFamily family(@Nullable String type, List<String> problems) {
    for (AddressFamily family : AddressFamily.values()) {
      if (family.kubernetesName().equals(type)) {
        return family;
      }
    }
    if (!"FQDN".equals(type)) {
      problems.add("addressType is " + type + ", not IPv4, IPv6 or FQDN");
    }
    return null;
  }

  private static List<EndpointSliceRecord.EndpointPort> ports(
      EndpointSlice slice, List<String> problems) {
    List<EndpointPort> given = slice.getPorts();
    if (given == null) {
      return List.of();
    }
    List<EndpointSliceRecord.EndpointPort> ports = new ArrayList<>(given.size());
    for (int i = 0; i < given.size(); i++) {
      EndpointPort port = given.get(i);
      String place = "ports[" + i + "]";
      if (port == null) {
        problems.add(place + " is empty");
        continue;
      }
      Protocol protocol = Fields.protocol(place, port.getProtocol(), problems);
      Integer number = Fields.port(place, port.getPort(), problems);
      if (protocol != null && number != null) {
        String name = port.getName();
        ports.add(
            new EndpointSliceRecord.EndpointPort(
                name == null ? "" : name.intern(), protocol, number));
      }
    }
    return ports;
  }

  private static List<EndpointSliceRecord.Endpoint> endpoints(
      EndpointSlice slice, AddressFamily family, List<String> problems) {
    List<Endpoint> given = slice.getEndpoints();
    if (given == null) {
      return List.of();
    }
    List<EndpointSliceRecord.Endpoint> endpoints = new ArrayList<>(given.size());
    for (int i = 0; i < given.size(); i++) {
      Endpoint endpoint = given.get(i);
      String place = "endpoints[" + i + "].addresses";
      if (endpoint == null
          || endpoint.getAddresses() == null
          || endpoint.getAddresses().isEmpty()) {
        problems.add(place + " is empty");
        continue;
      }
      // The API says that all addresses of an endpoint are fungible and that consumers use the
      // first.
      IpAddress address = Fields.routed(place, endpoint.getAddresses().getFirst(), problems);
      if (address == null) {
        continue;
      }
      if (address.family() != family) {
        problems.add(place + ": " + address + " is not " + family.kubernetesName());
        continue;
      }
      endpoints.add(endpoint(address, endpoint));
    }
    return endpoints;
  }

  /** With the API's defaults for conditions that are absent. */
  private static EndpointSliceRecord.Endpoint endpoint(IpAddress address, Endpoint endpoint) {
    EndpointConditions conditions = endpoint.getConditions();
    String node = endpoint.getNodeName();
    return new EndpointSliceRecord.Endpoint(
        address,
        conditions == null || !Boolean.FALSE.equals(conditions.getReady()),
        conditions == null || !Boolean.FALSE.equals(conditions.getServing()),
        conditions != null && Boolean.TRUE.equals(conditions.getTerminating()),
        node == null ? null : node.intern(),
        EndpointHintsReader.read(endpoint.getHints()));
  }
}
