package io.fairlead.bench.lab;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Two nodes with two pods each and the Service "web", whose endpoints are one pod of each node:
 * what the demo checks, and what "make lab" keeps up. Not thread-safe.
 */
public final class SampleCluster implements AutoCloseable {

  /** Where every pod answers, by TCP and UDP. */
  public static final int POD_PORT = 8080;

  private static final String SERVICE = "web";
  private static final String CLUSTER_IP = "10.96.0.80";
  private static final int SERVICE_PORT = 80;
  private static final Manifests.Port[] PORTS = {
    new Manifests.Port("web", "TCP", SERVICE_PORT, POD_PORT),
    new Manifests.Port("web-udp", "UDP", SERVICE_PORT, POD_PORT),
  };

  private final Lab lab;
  private final List<Pod> pods = new ArrayList<>();

  /** Takes over a lab with two nodes. */
  public SampleCluster(Lab lab) {
    this.lab = lab;
  }

  /** Attaches pod-a and pod-b to node-1, pod-c and pod-d to node-2, and lets them answer. */
  public void attachPods() throws IOException, InterruptedException {
    for (String name : List.of("pod-a", "pod-b", "pod-c", "pod-d")) {
      Pod pod = lab.node(1 + pods.size() / 2).addPod(name);
      pods.add(pod);
      pod.serve(POD_PORT);
    }
  }

  /** Writes the manifests of the Service and of its endpoints pod-b and pod-d. */
  public void publishService() throws IOException {
    publishEndpoints();
    lab.manifests().putService(SERVICE, List.of(CLUSTER_IP), PORTS);
  }

  public void publishEndpoints() throws IOException {
    stageEndpoints(servers()).commit();
  }

  /** Prepares a change of the Service's endpoints that takes one rename. */
  public Manifests.Staged stageEndpoints(Collection<Pod> endpoints) throws IOException {
    return lab.manifests().stageEndpoints(SERVICE, endpoints, PORTS);
  }

  /** Deletes the manifests of the Service. */
  public void withdrawService() throws IOException {
    lab.manifests().deleteService(SERVICE);
  }

  public Lab lab() {
    return lab;
  }

  /** On node-1; no endpoint of the Service. */
  public Pod podA() {
    return pods.get(0);
  }

  /** On node-1; an endpoint of the Service. */
  public Pod podB() {
    return pods.get(1);
  }

  /** On node-2; no endpoint of the Service. */
  public Pod podC() {
    return pods.get(2);
  }

  /** On node-2; an endpoint of the Service. */
  public Pod podD() {
    return pods.get(3);
  }

  /** The pods that are attached. */
  public List<Pod> pods() {
    return List.copyOf(pods);
  }

  /** The endpoints of the Service. */
  public List<Pod> servers() {
    return List.of(podB(), podD());
  }

  /** The Service's cluster IP and port, for TCP and UDP. */
  public InetSocketAddress service() {
    return new InetSocketAddress(InetAddress.ofLiteral(CLUSTER_IP), SERVICE_PORT);
  }

  /** Detaches all pods by CNI DEL. */
  public void deletePods() throws IOException, InterruptedException {
    while (!pods.isEmpty()) {
      pods.removeLast().delete();
    }
  }

  @Override
  public void close() {
    lab.close();
  }
}
