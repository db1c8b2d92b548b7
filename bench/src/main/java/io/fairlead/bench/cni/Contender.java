package io.fairlead.bench.cni;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Something that attaches pods to a bridge in a namespace of its own. */
interface Contender extends AutoCloseable {

  /** As the table shows it, with what it does beside attaching; that of a floor says so. */
  String name();

  /** Services that are programmed on its node. */
  default int services() {
    return 0;
  }

  /** Rules of others in its node's table nat. */
  default int rules() {
    return 0;
  }

  /** The namespace that plays the node. */
  LabNamespace node();

  /** Attaches the pod, and fails if that fails. */
  void add(BenchPod pod, Execution execution) throws IOException, InterruptedException;

  /** Detaches the pod, whose namespace is still there. */
  void delete(BenchPod pod, Execution execution) throws IOException, InterruptedException;

  /**
   * What tells its figures from others'.
   *
   * @param pods one after the other, or at once
   */
  default Map<String, String> parameters(int pods) {
    return Map.of(
        "contender",
        name(),
        "pods",
        Integer.toString(pods),
        "services",
        Integer.toString(services()),
        "rules",
        Integer.toString(rules()));
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
