package io.fairlead.agent.conformance;

import io.fairlead.dataplane.model.IpAddress;
import java.time.Duration;
import java.util.List;

/** A plugin that hands its work to an agent, while there is none. */
final class AgentObligations {

  private static final Duration FAST = Duration.ofSeconds(3);

  private AgentObligations() {}

  static List<Obligation> all() {
    return List.of(
        Obligation.of(
                "agent.down-add",
                Obligation.ERRORS,
                "Without its agent ADD is error 11, at once.",
                bed ->
                    down(
                        bed,
                        () -> {
                          Answer answer = bed.add(bed.container());
                          String seen = answer.error(11).toString();
                          Unmet.require(
                              answer.duration().compareTo(FAST) < 0,
                              "it took " + answer.duration().toMillis() + " ms");
                          return seen;
                        }))
            .shows("16"),
        Obligation.of(
                "agent.down-status",
                Obligation.STATUS,
                "Without its agent STATUS is error 50.",
                bed -> down(bed, () -> StatusObligations.status(bed).run().error(50).toString()))
            .shows("15"),
        Obligation.of(
                "agent.down-invalid",
                Obligation.PARAMETERS,
                "Without its agent an unknown CNI_COMMAND is error 4 all the same.",
                bed ->
                    down(
                        bed,
                        () ->
                            bed.call("ADD", bed.container())
                                .with("CNI_COMMAND", "ATTACH")
                                .named("CNI_COMMAND=ATTACH")
                                .run()
                                .error(4)
                                .toString()))
            .shows("7"),
        Obligation.of(
                "agent.down-packets",
                Obligation.PRACTICE,
                "While the agent is down pods keep their connections.",
                bed -> {
                  Attachment pod = bed.attach();
                  IpAddress address = pod.attached().first().ip();
                  return down(
                      bed,
                      () -> {
                        Packets.flow("while the agent is down", bed.node(), pod.pod(), address);
                        return "packets flow to " + address;
                      });
                })
            .shows("16"),
        Obligation.of(
                "agent.down-del",
                Obligation.DEL,
                "Without its agent DEL succeeds, and is done when the agent is back.",
                bed -> {
                  Attachment pod = bed.attach();
                  down(
                      bed,
                      () -> {
                        bed.delete(pod).succeededSilently();
                        return "";
                      });
                  bed.requireNoResidue("after the agent is back");
                  return "exit 0 at once; nothing is left once the agent is back";
                })
            .shows("16"));
  }

  private interface Work {
    String run() throws Exception;
  }

  /** Does {@code work} while the agent is killed, and starts it again in any case. */
  private static String down(Testbed bed, Work work) throws Exception {
    NodeAgent agent = bed.agent();
    agent.kill();
    try {
      return work.run();
    } finally {
      agent.restart();
      bed.waitReady();
    }
  }
}
