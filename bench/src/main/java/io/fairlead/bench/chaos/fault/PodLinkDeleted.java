package io.fairlead.bench.chaos.fault;

import io.fairlead.bench.lab.Pod;
import java.io.IOException;
import java.util.Optional;

/** A pod that comes and goes loses its link, which only its runtime can mend: by another pod. */
final class PodLinkDeleted implements Fault {

  private static final int TRIES = 5;

  @Override
  public String inject(Target target) throws IOException, InterruptedException, UnsupportedFault {
    for (int i = 0; i < TRIES; i++) {
      Optional<Pod> pod = target.cluster().churned().on(target.node());
      if (pod.isPresent()) {
        try {
          String port = PodPorts.of(pod.get());
          target.node().namespace().run("ip", "link", "delete", port);
          return "ip link delete " + port + " (" + pod.get().name() + ")";
        } catch (IOException _) {
          // It went in this moment.
        }
      }
      Thread.sleep(200);
    }
    throw new UnsupportedFault("there was no pod to take a link from");
  }
}
