package io.fairlead.bench.cni;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.util.Locale;

/**
 * A pod's namespace and its names.
 *
 * @param number from 0
 */
record BenchPod(int number, LabNamespace namespace) implements AutoCloseable {

  static BenchPod create(int number) throws IOException, InterruptedException {
    return new BenchPod(number, LabNamespace.create("pod-" + number));
  }

  /** 64 hexadecimal digits, as containerd gives. */
  String containerId() {
    return String.format(Locale.ROOT, "%064x", number + 1);
  }

  /** A port that no other pod of the node asks for. */
  int hostPort() {
    return 20_000 + number;
  }

  String path() {
    return namespace.path().toString();
  }

  @Override
  public void close() {
    namespace.close();
  }
}
