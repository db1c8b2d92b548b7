package io.fairlead.agent.conformance;

import io.fairlead.dataplane.model.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many requests at one time: runtimes serialize nothing but those of one container. */
final class ParallelObligations {

  private static final int MANY = 50;

  private ParallelObligations() {}

  static List<Obligation> all() {
    return List.of(
        Obligation.of(
                "parallel.add",
                Obligation.PRACTICE,
                MANY + " ADDs at one time all succeed, with different addresses.",
                bed -> unique(addMany(bed)))
            .shows("24"),
        Obligation.of(
                "parallel.delete",
                Obligation.PRACTICE,
                MANY + " DELs at one time all succeed, and leave nothing.",
                bed -> {
                  List<Attachment> pods = addMany(bed);
                  new Filling(pods, NONE).empty(bed);
                  return "nothing is left of " + pods.size() + " pods";
                })
            .shows("24"));
  }

  private static final Answer NONE = new Answer("ADD", 1, "", "", Duration.ZERO);

  private static List<Attachment> addMany(Testbed bed) throws Exception {
    Gate gate = Gate.of(MANY);
    List<Callable<Attachment>> work = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      Attachment pod = bed.container();
      work.add(() -> bed.attach(pod, gate));
    }
    try (var releasing = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> released =
          releasing.submit(() -> {
            gate.release();
            return true;
          });
      List<Attachment> pods = Filling.together(work);
      released.get();
      return pods;
    }
  }

  private static String unique(List<Attachment> pods) throws Unmet {
    Set<IpAddress> addresses = new HashSet<>();
    for (Attachment pod : pods) {
      for (IpAddress address : pod.attached().ips()) {
        Unmet.require(addresses.add(address), "two pods got " + address);
      }
    }
    return addresses.size() + " different addresses for " + pods.size() + " pods";
  }
}
