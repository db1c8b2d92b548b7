package io.fairlead.bench.cni;

import java.io.IOException;

/** A contender that executes one plugin per attachment. */
interface OnePlugin extends Contender {

  /** What is executed for a CNI command, in the node's namespace. */
  Call call(String command, BenchPod pod) throws IOException;

  @Override
  default void add(BenchPod pod, Execution execution) throws IOException, InterruptedException {
    execution.run(node(), call("ADD", pod));
  }

  @Override
  default void delete(BenchPod pod, Execution execution) throws IOException, InterruptedException {
    execution.run(node(), call("DEL", pod));
  }
}
