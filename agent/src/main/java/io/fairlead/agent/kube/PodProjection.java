package io.fairlead.agent.kube;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.ObjectChange.PodChanged;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.model.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Pod (core/v1) to {@link PodRecord}. */
final class PodProjection {

  private PodProjection() {}

  static Projected project(Pod pod) {
    ObjectKey key = Fields.key(pod);
    List<String> problems = new ArrayList<>();
    PodStatus status = pod.getStatus();
    if (status != null && hasEnded(status)) {
      return new Projected(new PodChanged(key, null), problems);
    }
    PodSpec spec = pod.getSpec();
    String node = spec == null ? null : spec.getNodeName();
    PodRecord record =
        new PodRecord(
            key,
            uid(pod),
            Fields.labels(pod.getMetadata().getLabels(), problems),
            status == null ? List.of() : addresses(status, problems),
            node == null || node.isEmpty() ? null : node.intern(),
            spec != null && Boolean.TRUE.equals(spec.getHostNetwork()),
            SharedValues.shared(spec == null ? List.of() : ports(spec, problems)),
            Fields.created(pod, problems));
    return new Projected(new PodChanged(key, record), problems);
  }

  /** Its containers will not run again, and its address may be another pod's. */
  private static boolean hasEnded(PodStatus status) {
    return "Succeeded".equals(status.getPhase()) || "Failed".equals(status.getPhase());
  }

  private static String uid(Pod pod) {
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    if (annotations != null && annotations.get(Labels.MIRROR) != null) {
      String hash = annotations.get(Labels.CONFIG_HASH);
      if (hash != null && !hash.isEmpty()) {
        return hash;
      }
    }
    String uid = pod.getMetadata().getUid();
    return uid == null ? "" : uid;
  }

  private static List<IpAddress> addresses(PodStatus status, List<String> problems) {
    List<PodIP> given = status.getPodIPs();
    List<IpAddress> addresses = new ArrayList<>(2);
    if (given == null || given.isEmpty()) {
      String single = status.getPodIP();
      if (single != null && !single.isEmpty()) {
        add("status.podIP", single, addresses, problems);
      }
      return addresses;
    }
    for (PodIP address : given) {
      String text = address == null ? null : address.getIp();
      if (text != null && !text.isEmpty()) {
        add("status.podIPs", text, addresses, problems);
      }
    }
    return addresses;
  }

  private static void add(
      String place, String text, List<IpAddress> addresses, List<String> problems) {
    IpAddress address = Fields.address(place, text, problems);
    if (address != null && !addresses.contains(address)) {
      addresses.add(address);
    }
  }

  /**
   * Those with names: of the containers, then of the init containers that stay (k8s.io/kubernetes
   * pkg/api/v1/pod FindPort looks in this order).
   */
  private static List<PodRecord.ContainerPort> ports(PodSpec spec, List<String> problems) {
    List<PodRecord.ContainerPort> ports = new ArrayList<>();
    for (Container container : orEmpty(spec.getContainers())) {
      addPorts(container, ports, problems);
    }
    for (Container container : orEmpty(spec.getInitContainers())) {
      if (container != null && "Always".equals(container.getRestartPolicy())) {
        addPorts(container, ports, problems);
      }
    }
    return List.copyOf(ports);
  }

  private static void addPorts(
      @Nullable Container container, List<PodRecord.ContainerPort> ports, List<String> problems) {
    if (container == null) {
      return;
    }
    for (ContainerPort port : orEmpty(container.getPorts())) {
      String name = port == null ? null : port.getName();
      if (port == null || name == null || name.isEmpty()) {
        continue;
      }
      String place = "port \"" + name + "\" of container \"" + container.getName() + "\"";
      Protocol protocol = Fields.protocol(place, port.getProtocol(), problems);
      Integer number = Fields.port(place, port.getContainerPort(), problems);
      if (protocol != null && number != null) {
        PodRecord.ContainerPort named =
            new PodRecord.ContainerPort(name.intern(), protocol, number);
        if (!ports.contains(named)) {
          ports.add(named);
        }
      }
    }
  }

  private static <T> List<T> orEmpty(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
