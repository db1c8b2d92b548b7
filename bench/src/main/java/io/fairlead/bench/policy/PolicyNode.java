package io.fairlead.bench.policy;

import io.fairlead.bench.api.ApiFailure;
import io.fairlead.bench.api.ApiServerDouble;
import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.Lab;
import io.fairlead.bench.lab.LabOptions;
import io.fairlead.bench.lab.Node;
import io.fairlead.bench.lab.Pod;
import io.fairlead.bench.measure.ApiWriter;
import io.fairlead.dataplane.model.NamespaceRecord;
import io.fairlead.dataplane.model.NetworkPolicyRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PodRecord;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A lab of one node whose agent watches an API server that holds a population. Not thread-safe.
 * Needs root.
 */
public final class PolicyNode implements AutoCloseable {

  private static final InetSocketAddress API =
      new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 6443);

  private final Lab lab;
  private final ApiServerDouble api;
  private final ApiWriter writer;

  private PolicyNode(Lab lab, ApiServerDouble api, ApiWriter writer) {
    this.lab = lab;
    this.api = api;
    this.writer = writer;
  }

  /** Makes the node and its cluster; no agent runs yet. */
  static PolicyNode create(Distribution distribution, ClusterObjects cluster)
      throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("fairlead-policy-");
    Path kubeconfig = folder.resolve("kubeconfig");
    LabOptions options = LabOptions.of(1).withKubeconfig(kubeconfig);
    Lab lab = Lab.create(options, distribution, folder);
    try {
      ApiServerDouble api = lab.node(1).namespace().call(() -> ApiServerDouble.start(API));
      try {
        api.writeKubeconfig(kubeconfig);
        ApiWriter writer = ApiWriter.connect(lab.node(1).namespace(), API);
        PolicyNode made = new PolicyNode(lab, api, writer);
        made.publish(cluster);
        return made;
      } catch (IOException | InterruptedException | RuntimeException e) {
        api.close();
        throw e;
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      lab.close();
      throw e;
    }
  }

  private void publish(ClusterObjects cluster) throws IOException {
    try {
      api.apply(Files.readString(lab.manifests().folder().resolve("node-node-1.yaml")));
    } catch (ApiFailure e) {
      throw new IOException("the API server refused a Node: " + e.getMessage(), e);
    }
    publish(cluster, writer);
    // Its history holds all objects once more.
    api.compact();
  }

  /** Writes all objects of a cluster. */
  public static void publish(ClusterObjects cluster, ApiWriter writer) throws IOException {
    for (NamespaceRecord namespace : cluster.namespaces().values()) {
      writer.create("/api/v1/namespaces", ObjectText.namespace(namespace));
    }
    for (PodRecord pod : cluster.pods()) {
      writer.create(pods(pod.key()), ObjectText.pod(pod));
    }
    for (NetworkPolicyRecord policy : cluster.policies()) {
      writer.create(policies(policy.key()), ObjectText.policy(policy));
    }
  }

  private static String pods(ObjectKey key) {
    return "/api/v1/namespaces/" + key.namespace() + "/pods";
  }

  private static String policies(ObjectKey key) {
    return "/apis/networking.k8s.io/v1/namespaces/" + key.namespace() + "/networkpolicies";
  }

  Node node() {
    return lab.node(1);
  }

  /**
   * A pod that is in the API first and then attached.
   *
   * @param pod of the namespace "default", and without addresses
   */
  Pod attach(PodRecord pod) throws IOException, InterruptedException {
    try {
      String uid = api.create(ObjectText.pod(pod)).object().path("metadata").path("uid").asText();
      return node().addPod(pod.key().name(), uid);
    } catch (ApiFailure e) {
      throw new IOException("the API server refused a Pod: " + e.getMessage(), e);
    }
  }

  ApiWriter.Written replace(PodRecord pod) throws IOException {
    return writer.replace(pods(pod.key()), pod.key().name(), ObjectText.pod(pod));
  }

  ApiWriter.Written create(NetworkPolicyRecord policy) throws IOException {
    return writer.create(policies(policy.key()), ObjectText.policy(policy));
  }

  ApiWriter.Written delete(NetworkPolicyRecord policy) throws IOException {
    return writer.delete(policies(policy.key()), policy.key().name());
  }

  /** Ends the pods and the lab. */
  void delete(List<Pod> pods) throws IOException, InterruptedException {
    for (Pod pod : pods) {
      pod.delete();
    }
  }

  @Override
  public void close() {
    writer.close();
    api.close();
    lab.close();
  }
}
