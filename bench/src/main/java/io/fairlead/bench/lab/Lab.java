package io.fairlead.bench.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.fairlead.dataplane.model.AddressFamily;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Nodes with agents on an underlay with an outside. Not thread-safe. Needs root, and leaves nothing
 * behind however it ends.
 */
public final class Lab implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final LabOptions options;
  private final LabFolder files;
  private final Manifests manifests;
  private final Underlay underlay;
  private final List<Node> nodes = new ArrayList<>();

  private Lab(LabOptions options, LabFolder files, Underlay underlay) throws IOException {
    this.options = options;
    this.files = files;
    this.manifests = new Manifests(files);
    this.underlay = underlay;
  }

  /**
   * Makes namespaces and Node manifests; no agent runs yet.
   *
   * @param alsoRemoved folders that are removed with the lab's own
   * @throws IOException also if the kernel lacks what the proxy mode needs
   */
  public static Lab create(LabOptions options, Distribution distribution, Path... alsoRemoved)
      throws IOException, InterruptedException {
    if (options.proxyMode().equals("ipvs") && !KernelFeatures.hasIpvs()) {
      throw new IOException(KernelFeatures.WITHOUT_IPVS);
    }
    AddressPlan plan = new AddressPlan(options.dualStack());
    LabFolder files = LabFolder.create(alsoRemoved);
    Underlay underlay;
    try {
      underlay = Underlay.create(plan);
    } catch (IOException | InterruptedException e) {
      files.close();
      throw e;
    }
    Lab lab = new Lab(options, files, underlay);
    try {
      for (int index = 1; index <= options.nodes(); index++) {
        lab.addNode(index, plan, distribution);
      }
      return lab;
    } catch (IOException | InterruptedException e) {
      lab.close();
      throw e;
    }
  }

  private void addNode(int index, AddressPlan plan, Distribution distribution)
      throws IOException, InterruptedException {
    LabNamespace namespace = LabNamespace.create("node-" + index);
    Node node;
    try {
      underlay.connect(namespace, plan.nodeLines(index));
      node = new Node(index, namespace, plan, options, files, manifests.folder(), distribution);
    } catch (IOException | InterruptedException e) {
      namespace.close();
      throw e;
    }
    nodes.add(node);
    manifests.putNode(node, null);
  }

  /** Starts all agents, waits until they are ready and lets the nodes know of each other. */
  public void startAgents() throws IOException, InterruptedException {
    for (Node node : nodes) {
      node.startAgent();
    }
    for (Node node : nodes) {
      node.waitReady();
    }
    if (options.overlay().equals("vxlan") && options.kubeconfig() == null) {
      publishVteps();
    }
  }

  /**
   * Copies the MAC address of each node's VXLAN device to the annotation of its Node: what agents
   * do themselves where there is an API server to write to.
   */
  public void publishVteps() throws IOException, InterruptedException {
    for (Node node : nodes) {
      List<String> macs = new ArrayList<>();
      Await.until(
          node.name() + " has a VXLAN device",
          Await.PATIENCE,
          () -> macs.addAll(vxlanMacs(node.namespace())));
      manifests.putNode(node, macs.getFirst());
    }
  }

  private static List<String> vxlanMacs(LabNamespace namespace)
      throws IOException, InterruptedException {
    List<String> macs = new ArrayList<>();
    for (JsonNode link :
        JSON.readTree(namespace.run("ip", "-j", "link", "show", "type", "vxlan"))) {
      if (link.hasNonNull("address")) {
        macs.add(link.path("address").asText());
      }
    }
    return macs;
  }

  public List<Node> nodes() {
    return List.copyOf(nodes);
  }

  /** The node {@code number}, counted from 1 as in its name. */
  public Node node(int number) {
    return nodes.get(number - 1);
  }

  public Manifests manifests() {
    return manifests;
  }

  /** The namespace that plays the internet; it is {@link #outsideAddress}. */
  public LabNamespace outside() {
    return underlay.outside();
  }

  /** The namespace that all traffic between nodes crosses; its bridge is br0. */
  public LabNamespace underlay() {
    return underlay.bridge();
  }

  /** An address that only the outside has. */
  public String outsideAddress() {
    return AddressPlan.OUTSIDE;
  }

  /** As {@link #outsideAddress}, of a family that the lab has. */
  public String outsideAddress(AddressFamily family) {
    return family == AddressFamily.IPV4 ? AddressPlan.OUTSIDE : AddressPlan.OUTSIDE_V6;
  }

  /** The one folder that all of the lab's files are in. */
  public Path folder() {
    return files.path();
  }

  @Override
  public void close() {
    nodes.forEach(Node::close);
    nodes.clear();
    underlay.close();
    files.close();
  }
}
