package io.fairlead.agent.conformance;

import java.time.Duration;
import java.util.List;

/** Executions that end before they are done: a runtime's time limit, an OOM kill. */
final class KillObligations {

  private static final int KILLS = 24;

  private KillObligations() {}

  static List<Obligation> all() {
    return List.of(
        Obligation.of(
                "kill.add",
                Obligation.DEL,
                "After an ADD that was killed at any moment DEL leaves nothing.",
                bed -> {
                  String seen = killAdds(bed);
                  bed.requireNoResidue("after killed ADDs and their DELs");
                  return seen;
                })
            .shows("4"),
        Obligation.of(
                "kill.add-addresses",
                Obligation.DEL,
                "After killed ADDs and their DELs as many pods fit as before.",
                bed -> {
                  Filling first = Filling.fill(bed);
                  first.empty(bed);
                  killAdds(bed);
                  bed.requireNoResidue("after killed ADDs and their DELs");
                  int again = Filling.fill(bed).attachments().size();
                  Unmet.require(
                      again == first.attachments().size(),
                      first.attachments().size() + " pods fitted, after killed ADDs " + again);
                  return again + " pods, before and after";
                })
            .shows("4"),
        Obligation.of(
                "kill.add-again",
                Obligation.DEL,
                "After a killed ADD and its DEL the same attachment can be made.",
                bed -> {
                  Duration whole = duration(bed);
                  for (int i = 1; i < 5; i++) {
                    Attachment pod = bed.container();
                    killed(bed, "ADD", pod, whole.multipliedBy(i).dividedBy(5));
                    bed.delete(pod).succeededSilently();
                    Attachment done = bed.attach(pod);
                    Packets.flow("to it", bed.node(), pod.pod(), done.attached().first().ip());
                  }
                  return "four times";
                })
            .shows("4"),
        Obligation.of(
                "kill.delete",
                Obligation.DEL,
                "After a DEL that was killed at any moment another DEL leaves nothing.",
                bed -> {
                  Duration whole = duration(bed);
                  int alive = 0;
                  for (int i = 0; i < KILLS; i++) {
                    Attachment pod = bed.attach();
                    Duration delay = whole.multipliedBy(2L * i).dividedBy(KILLS);
                    alive += killed(bed, "DEL", pod, delay) ? 1 : 0;
                    bed.detach(pod);
                  }
                  bed.requireNoResidue("after killed DELs and another each");
                  return alive + " of " + KILLS + " were still running when they were killed";
                })
            .shows("4"));
  }

  /** How long an ADD takes, once it is not the first. */
  private static Duration duration(Testbed bed) throws Exception {
    Attachment pod = bed.container();
    Answer answer = bed.add(pod);
    answer.succeeded();
    bed.detach(pod);
    return answer.duration();
  }

  private static String killAdds(Testbed bed) throws Exception {
    Duration whole = duration(bed);
    int alive = 0;
    for (int i = 0; i < KILLS; i++) {
      Attachment pod = bed.container();
      Duration delay = whole.multipliedBy(i).dividedBy(KILLS);
      alive += killed(bed, "ADD", pod, delay) ? 1 : 0;
      bed.delete(pod).succeededSilently();
    }
    return alive + " of " + KILLS + " were still running when they were killed";
  }

  private static boolean killed(Testbed bed, String command, Attachment pod, Duration delay)
      throws Exception {
    try (Execution execution = bed.call(command, pod).start()) {
      return execution.killAfter(delay);
    }
  }
}
