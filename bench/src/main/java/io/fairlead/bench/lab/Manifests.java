package io.fairlead.bench.lab;

import io.fairlead.dataplane.model.AddressFamily;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The folder of manifests that the agents of a lab watch in place of an API server. Every file
 * appears, changes and disappears whole.
 */
public final class Manifests {

  private final LabFolder files;
  private final Path folder;

  Manifests(LabFolder files) throws IOException {
    this.files = files;
    this.folder = files.folder("manifests");
  }

  public Path folder() {
    return folder;
  }

  /** A manifest that is written but not yet in the folder: putting it there is one rename. */
  public static final class Staged {

    private final Path staged;
    private final Path target;

    private Staged(Path staged, Path target) {
      this.staged = staged;
      this.target = target;
    }

    public void commit() throws IOException {
      LabFolder.moveInto(staged, target);
    }
  }

  /** Writes a manifest aside; {@code name} is its file's, without ".yaml". */
  public Staged stage(String name, String yaml) throws IOException {
    return new Staged(files.stage(yaml), folder.resolve(name + ".yaml"));
  }

  public void put(String name, String yaml) throws IOException {
    stage(name, yaml).commit();
  }

  public void delete(String name) throws IOException {
    Files.deleteIfExists(folder.resolve(name + ".yaml"));
  }

  /**
   * Writes a Node.
   *
   * @param vtepMac what the node's agent would publish through an API server, or null
   */
  public void putNode(Node node, @Nullable String vtepMac) throws IOException {
    String annotations =
        vtepMac == null ? "" : "  annotations: {fairlead.io/vtep-mac: \"" + vtepMac + "\"}\n";
    put(
        "node-" + node.name(),
        """
        apiVersion: v1
        kind: Node
        metadata:
          name: %s
        %sspec:
          podCIDR: %s
          podCIDRs: [%s]
        status:
          addresses: [%s]
        """
            .formatted(
                node.name(),
                annotations,
                quoted(node.podCidrs().getFirst()),
                node.podCidrs().stream().map(Manifests::quoted).collect(Collectors.joining(", ")),
                node.addresses().stream()
                    .map(address -> "{type: InternalIP, address: " + quoted(address) + "}")
                    .collect(Collectors.joining(", "))));
  }

  /** A port of a Service, with the number that its endpoints listen on. */
  public record Port(String name, String protocol, int port, int targetPort) {}

  /** Writes a Service of the namespace "default", with one address per family. */
  public void putService(String name, List<String> clusterIps, Port... ports) throws IOException {
    StringBuilder list = new StringBuilder();
    for (Port port : ports) {
      list.append(
          "    - {name: %s, protocol: %s, port: %d, targetPort: %d}\n"
              .formatted(port.name(), port.protocol(), port.port(), port.targetPort()));
    }
    put(
        "service-" + name,
        """
        apiVersion: v1
        kind: Service
        metadata:
          name: %s
          namespace: default
        spec:
          type: ClusterIP
          clusterIP: %s
          clusterIPs: [%s]
          ports:
        %s\
        """
            .formatted(
                name,
                quoted(clusterIps.getFirst()),
                clusterIps.stream().map(Manifests::quoted).collect(Collectors.joining(", ")),
                list));
  }

  /** The file of an EndpointSlice. */
  private static String sliceFile(String service, AddressFamily family) {
    return "endpointslice-" + service + (family == AddressFamily.IPV4 ? "" : "-ipv6");
  }

  /** Writes the IPv4 EndpointSlice of a Service: all of {@code pods} are ready. */
  public void putEndpoints(String service, Collection<Pod> pods, Port... ports) throws IOException {
    stageEndpoints(service, AddressFamily.IPV4, pods, ports).commit();
  }

  /** As {@link #putEndpoints}, up to the rename. */
  public Staged stageEndpoints(String service, Collection<Pod> pods, Port... ports)
      throws IOException {
    return stageEndpoints(service, AddressFamily.IPV4, pods, ports);
  }

  /** Prepares the EndpointSlice of one family of a Service: all of {@code pods} are ready. */
  public Staged stageEndpoints(
      String service, AddressFamily family, Collection<Pod> pods, Port... ports)
      throws IOException {
    String addressType = family.kubernetesName();
    StringBuilder text =
        new StringBuilder(
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: %s-%s
              namespace: default
              labels: {kubernetes.io/service-name: %s}
            addressType: %s
            """
                .formatted(service, addressType.toLowerCase(Locale.ROOT), service, addressType));
    text.append(pods.isEmpty() ? "endpoints: []\n" : "endpoints:\n");
    for (Pod pod : pods) {
      text.append(
          "  - {addresses: [%s], nodeName: %s, conditions: {ready: true}}\n"
              .formatted(quoted(pod.address(family).getHostAddress()), pod.node().name()));
    }
    text.append("ports:\n");
    for (Port port : ports) {
      text.append(
          "  - {name: %s, protocol: %s, port: %d}\n"
              .formatted(port.name(), port.protocol(), port.targetPort()));
    }
    return stage(sliceFile(service, family), text.toString());
  }

  /** Deletes what {@link #putService} and {@link #putEndpoints} wrote. */
  public void deleteService(String name) throws IOException {
    delete("service-" + name);
    for (AddressFamily family : AddressFamily.values()) {
      delete(sliceFile(name, family));
    }
  }

  /** Writes a Namespace. */
  public void putNamespace(String name, Map<String, String> labels) throws IOException {
    put(
        "namespace-" + name,
        """
        apiVersion: v1
        kind: Namespace
        metadata:
          name: %s
          labels: {%s}
        """
            .formatted(name, flow(labels)));
  }

  /** Writes a Pod of the namespace "default"; its addresses are those that its node gave it. */
  public void putPod(String name, Map<String, String> labels) throws IOException {
    put(
        "pod-" + name,
        """
        apiVersion: v1
        kind: Pod
        metadata:
          name: %s
          namespace: default
          labels: {%s}
        """
            .formatted(name, flow(labels)));
  }

  /**
   * Writes a NetworkPolicy of the namespace "default".
   *
   * @param spec in YAML's flow style: "podSelector: {}, ingress: []"
   */
  public void putNetworkPolicy(String name, String spec) throws IOException {
    put(
        "networkpolicy-" + name,
        """
        apiVersion: networking.k8s.io/v1
        kind: NetworkPolicy
        metadata:
          name: %s
          namespace: default
        spec: {%s}
        """
            .formatted(name, spec));
  }

  private static String flow(Map<String, String> labels) {
    return labels.entrySet().stream()
        .map(label -> quoted(label.getKey()) + ": " + quoted(label.getValue()))
        .collect(Collectors.joining(", "));
  }

  private static String quoted(String value) {
    return '"' + value + '"';
  }
}
