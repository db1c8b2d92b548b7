package io.fairlead.agent.conformance;

import java.util.List;

/** CNI_ARGS. */
final class ArgumentObligations {

  private ArgumentObligations() {}

  static List<Obligation> all() {
    return List.of(
        Obligation.of(
                "arguments.ignore-unknown",
                Obligation.CONVENTIONS,
                "With IgnoreUnknown=1 keys of CNI_ARGS that it does not know are accepted.",
                bed -> {
                  Attachment pod = bed.container();
                  pod = pod.withArguments(pod.arguments() + ";SOMETHING_ELSE=1");
                  return bed.attach(pod).attached().first().ip().toString();
                })
            .shows("8"),
        Obligation.of(
                "arguments.unknown",
                Obligation.CONVENTIONS,
                "Without IgnoreUnknown a key of CNI_ARGS that it does not know is an error.",
                bed -> refused(bed, "SOMETHING_ELSE=1"))
            .shows("8"),
        Obligation.of(
            "arguments.malformed",
            Obligation.PARAMETERS,
            "CNI_ARGS that is no list of KEY=VALUE is an error.",
            bed -> refused(bed, "IgnoreUnknown=1;something")));
  }

  private static String refused(Testbed bed, String arguments) throws Exception {
    Attachment pod = bed.container().withArguments(arguments);
    Answer answer = bed.call("ADD", pod).named("ADD with CNI_ARGS \"" + arguments + "\"").run();
    String seen = answer.error().toString();
    Unmet.require(pod.pod().link("eth0") == null, "the pod has got an eth0");
    return seen;
  }
}
