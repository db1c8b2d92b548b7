package io.fairlead.agent.conformance;

import java.util.List;

/** CNI_COMMAND itself. */
final class CommandObligations {

  private CommandObligations() {}

  static List<Obligation> all() {
    return List.of(
        Obligation.of(
            "command.absent",
            Obligation.PRACTICE,
            "Without CNI_COMMAND it says on stderr what it is and which versions it speaks, exit 0.",
            CommandObligations::absent),
        Obligation.of(
                "command.unknown",
                Obligation.PARAMETERS,
                "An unknown CNI_COMMAND is error 4.",
                bed -> {
                  Attachment pod = bed.container();
                  Answer answer =
                      bed.call("ADD", pod)
                          .with("CNI_COMMAND", "ATTACH")
                          .named("CNI_COMMAND=ATTACH")
                          .run();
                  return answer.error(4).toString();
                })
            .shows("7"),
        Obligation.of(
                "command.lowercase",
                Obligation.PARAMETERS,
                "Commands are written in capitals: \"add\" is error 4, and attaches nothing.",
                bed -> {
                  Attachment pod = bed.container();
                  Answer answer =
                      bed.call("ADD", pod)
                          .with("CNI_COMMAND", "add")
                          .named("CNI_COMMAND=add")
                          .run();
                  String seen = answer.error(4).toString();
                  Unmet.require(pod.pod().link("eth0") == null, "the pod has an eth0");
                  return seen;
                })
            .shows("7"));
  }

  private static String absent(Testbed bed) throws Exception {
    Answer answer =
        bed.call("ADD", bed.container())
            .with("CNI_COMMAND", null)
            .named("the plugin without CNI_COMMAND")
            .stdin("")
            .run();
    answer.succeededSilently();
    Unmet.require(
        answer.stderr().contains("0.4.0") || answer.stderr().contains("1.0.0"),
        "stderr names no versions: " + answer.shown());
    return answer.shown();
  }
}
