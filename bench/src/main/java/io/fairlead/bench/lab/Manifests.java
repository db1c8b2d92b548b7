package io.fairlead.bench.lab;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
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

  /** The name of the file that {@link #putEndpoints} and {@link #stageEndpoints} write. */
  private static String sliceName(String service) {
    return "endpointslice-" + service;
  }

  /** Writes the IPv4 or IPv6 EndpointSlice of a Service: all of {@code pods} are ready. */
  public void putEndpoints(String service, Collection<Pod> pods, Port... ports) throws IOException {
    stageEndpoints(service, pods, ports).commit();
  }

  /** As {@link #putEndpoints}, up to the rename. */
  public Staged stageEndpoints(String service, Collection<Pod> pods, Port... ports)
      throws IOException {
    StringBuilder text =
        new StringBuilder(
            """
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata:
              name: %s-1
              namespace: default
              labels: {kubernetes.io/service-name: %s}
            addressType: %s
            """
                .formatted(service, service, addressType(pods)));
    text.append(pods.isEmpty() ? "endpoints: []\n" : "endpoints:\n");
    for (Pod pod : pods) {
      text.append(
          "  - {addresses: [%s], nodeName: %s, conditions: {ready: true}}\n"
              .formatted(quoted(pod.address().getHostAddress()), pod.node().name()));
    }
    text.append("ports:\n");
    for (Port port : ports) {
      text.append(
          "  - {name: %s, protocol: %s, port: %d}\n"
              .formatted(port.name(), port.protocol(), port.targetPort()));
    }
    return stage(sliceName(service), text.toString());
  }

  /** Deletes what {@link #putService} and {@link #putEndpoints} wrote. */
  public void deleteService(String name) throws IOException {
    delete("service-" + name);
    delete(sliceName(name));
  }

  private static String addressType(Collection<Pod> pods) {
    for (Pod pod : pods) {
      InetAddress address = pod.address();
      return address instanceof Inet6Address ? "IPv6" : "IPv4";
    }
    return "IPv4";
  }

  private static String quoted(String value) {
    return '"' + value + '"';
  }
}
