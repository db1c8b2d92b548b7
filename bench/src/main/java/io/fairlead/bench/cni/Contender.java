package io.fairlead.bench.cni;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Something that attaches pods to a bridge in a namespace of its own. */
interface Contender extends AutoCloseable {

  /** As the table shows it. */
  String name();

  /** What it does beside attaching, and what stands in its way. */
  String with();

  /** The namespace that plays the node. */
  LabNamespace node();

  /** Attaches the pod, and fails if that fails. */
  void add(BenchPod pod, Execution execution) throws IOException, InterruptedException;

  /** Detaches the pod, whose namespace is still there. */
  void delete(BenchPod pod, Execution execution) throws IOException, InterruptedException;

  /** What tells its figures from others'. */
  default Map<String, String> parameters() {
    return Map.of("contender", name(), "with", with());
  }

  /**
   * One execution of a CNI plugin.
   *
   * @param input what it reads
   */
  record Call(List<String> command, Map<String, String> variables, String input) {}

  @Override
  void close();
}
