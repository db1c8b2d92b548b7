package io.fairlead.bench.cni;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fairlead.bench.lab.ContainerRuntime;
import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.Lab;
import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.lab.LabOptions;
import io.fairlead.bench.lab.Node;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/** Our CNI binary and an agent, on a node of a lab, with masquerade and policies. */
final class FairleadContender implements OnePlugin {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Distribution distribution;
  private final Lab lab;
  private final Node node;
  private final boolean hostPorts;
  private final int services;

  private FairleadContender(Distribution distribution, Lab lab, boolean hostPorts, int services) {
    this.distribution = distribution;
    this.lab = lab;
    this.node = lab.node(1);
    this.hostPorts = hostPorts;
    this.services = services;
  }

  /**
   * @param hostPorts whether each pod has one
   * @param services that are programmed before the first pod
   */
  static FairleadContender start(Distribution distribution, boolean hostPorts, int services)
      throws IOException, InterruptedException {
    Lab lab = Lab.create(LabOptions.of(1), distribution);
    try {
      if (services > 0) {
        lab.manifests().put("services", ServiceManifests.of(services));
      }
      lab.startAgents();
      return new FairleadContender(distribution, lab, hostPorts, services);
    } catch (IOException | InterruptedException e) {
      lab.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return hostPorts ? "fairlead, host port" : "fairlead";
  }

  @Override
  public int services() {
    return services;
  }

  @Override
  public LabNamespace node() {
    return node.namespace();
  }

  @Override
  public Call call(String command, BenchPod pod) throws IOException {
    ContainerRuntime.Attachment attachment =
        new ContainerRuntime.Attachment(
            pod.containerId(),
            pod.path(),
            "eth0",
            "default",
            pod.namespace().name(),
            new UUID(0, pod.number()).toString(),
            command.equals("STATUS") ? "1.1.0" : "1.0.0"); // The first version that has it.
    ObjectNode configuration = (ObjectNode) JSON.readTree(node.runtime().configuration(attachment));
    if (hostPorts) {
      configuration
          .withObject("/runtimeConfig")
          .putArray("portMappings")
          .addObject()
          .put("hostPort", pod.hostPort())
          .put("containerPort", 80)
          .put("protocol", "tcp");
    }
    return new Call(
        List.of(distribution.cniPlugin().toString()),
        node.runtime().environment(command, attachment),
        JSON.writeValueAsString(configuration));
  }

  @Override
  public void close() {
    lab.close();
  }
}
