package io.fairlead.bench.cni;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** What the measuring itself costs: a program that does nothing. */
final class ProcessContender implements Contender {

  private final LabNamespace node;

  private ProcessContender(LabNamespace node) {
    this.node = node;
  }

  static ProcessContender create() throws IOException, InterruptedException {
    return new ProcessContender(LabNamespace.create("nothing"));
  }

  @Override
  public String name() {
    return "floor: /bin/true";
  }

  @Override
  public LabNamespace node() {
    return node;
  }

  @Override
  public void add(BenchPod pod, Execution execution) throws IOException, InterruptedException {
    execution.run(node, List.of("/bin/true"), Map.of(), "");
  }

  @Override
  public void delete(BenchPod pod, Execution execution) throws IOException, InterruptedException {
    execution.run(node, List.of("/bin/true"), Map.of(), "");
  }

  @Override
  public void close() {
    node.close();
  }
}
