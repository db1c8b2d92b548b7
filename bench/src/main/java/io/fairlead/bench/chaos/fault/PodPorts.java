package io.fairlead.bench.chaos.fault;

import io.fairlead.bench.lab.Pod;
import java.io.IOException;
import java.util.List;

/** Finds the host's end of a pod's link. */
final class PodPorts {

  private PodPorts() {}

  /**
   * Its name on the node.
   *
   * @throws IOException if the pod has no link
   */
  static String of(Pod pod) throws IOException, InterruptedException {
    String own = pod.namespace().run("ip", "-o", "link", "show", "eth0");
    String index = own.replaceFirst("(?s)^\\d+: eth0@if(\\d+):.*", "$1");
    List<String> ports =
        pod.node()
            .namespace()
            .run("ip", "-o", "link", "show", "type", "veth")
            .lines()
            .filter(line -> line.startsWith(index + ": "))
            .map(line -> line.replaceFirst("^\\d+: ([^@:]+).*", "$1"))
            .toList();
    if (ports.size() != 1) {
      throw new IOException("the host's end of the link of " + pod.name() + " is not to be found");
    }
    return ports.getFirst();
  }
}
