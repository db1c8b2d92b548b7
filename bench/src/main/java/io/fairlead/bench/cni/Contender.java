package io.fairlead.bench.cni;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;

/** Something that attaches pods to a bridge in a namespace of its own. */
interface Contender extends AutoCloseable {

  /** As the table shows it. */
  String name();

  /** The namespace that plays the node. */
  LabNamespace node();

  /** Attaches the pod, and fails if that fails. */
  void add(BenchPod pod, Execution execution) throws IOException, InterruptedException;

  /** Detaches the pod, whose namespace is still there. */
  void delete(BenchPod pod, Execution execution) throws IOException, InterruptedException;

  @Override
  void close();
}
