package io.fairlead.bench.cni;

import io.fairlead.bench.lab.ContainerRuntime;
import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.Lab;
import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.lab.LabOptions;
import io.fairlead.bench.lab.Node;
import java.io.IOException;
import java.util.List;
import java.util.UUID;

/** Our CNI binary and an agent, on a node of a lab. */
final class FairleadContender implements Contender {

  private final Distribution distribution;
  private final Lab lab;
  private final Node node;

  private FairleadContender(Distribution distribution, Lab lab) {
    this.distribution = distribution;
    this.lab = lab;
    this.node = lab.node(1);
  }

  static FairleadContender start(Distribution distribution)
      throws IOException, InterruptedException {
    Lab lab = Lab.create(LabOptions.of(1), distribution);
    try {
      lab.startAgents();
      return new FairleadContender(distribution, lab);
    } catch (IOException | InterruptedException e) {
      lab.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return "fairlead";
  }

  @Override
  public LabNamespace node() {
    return node.namespace();
  }

  @Override
  public void add(BenchPod pod, Execution execution) throws IOException, InterruptedException {
    execute("ADD", pod, execution);
  }

  @Override
  public void delete(BenchPod pod, Execution execution) throws IOException, InterruptedException {
    execute("DEL", pod, execution);
  }

  private void execute(String command, BenchPod pod, Execution execution)
      throws IOException, InterruptedException {
    ContainerRuntime.Attachment attachment =
        new ContainerRuntime.Attachment(
            pod.containerId(),
            pod.path(),
            "eth0",
            "default",
            pod.namespace().name(),
            new UUID(0, pod.number()).toString(),
            "1.0.0");
    execution.run(
        node(),
        List.of(distribution.cniPlugin().toString()),
        node.runtime().environment(command, attachment),
        node.runtime().configuration(attachment));
  }

  @Override
  public void close() {
    lab.close();
  }
}
