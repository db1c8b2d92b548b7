package io.fairlead.agent.conformance;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The variables that ADD, CHECK and DEL need, and what they may be. */
final class VariableObligations {

  private VariableObligations() {}

  static List<Obligation> all() {
    List<Obligation> all = new ArrayList<>();
    all.add(
        missing("variable.containerid-missing", "CNI_CONTAINERID", List.of("ADD", "CHECK", "DEL")));
    all.add(missing("variable.netns-missing", "CNI_NETNS", List.of("ADD", "CHECK")));
    all.add(missing("variable.ifname-missing", "CNI_IFNAME", List.of("ADD", "CHECK", "DEL")));
    all.add(
        invalid(
            "variable.containerid-invalid",
            "CNI_CONTAINERID",
            "A CNI_CONTAINERID that does not match [A-Za-z0-9][A-Za-z0-9_.-]* is error 4.",
            List.of("-a", ".a", "a/b", "../a", "a b", "a:b", "ä")));
    all.add(
        invalid(
            "variable.ifname-invalid",
            "CNI_IFNAME",
            "A CNI_IFNAME of over 15 characters, \".\", \"..\", or with / : or a blank is error 4.",
            List.of("sixteencharacter", ".", "..", "a/b", "a:b", "a b", "a\tb")));
    all.add(
        Obligation.of(
            "variable.path-optional",
            Obligation.PARAMETERS,
            "CNI_PATH is optional for a plugin that delegates nothing.",
            bed -> {
              if (bed.plugin().has("ipam")) {
                throw new Inapplicable("it delegates addresses, and needs CNI_PATH for that");
              }
              return bed.call("ADD", bed.container())
                  .with("CNI_PATH", null)
                  .run()
                  .object()
                  .toString();
            }));
    all.add(
        Obligation.of(
            "variable.args-optional",
            Obligation.PARAMETERS,
            "CNI_ARGS is optional.",
            bed ->
                bed.call("ADD", bed.container()).with("CNI_ARGS", null).run().object().toString()));
    return all;
  }

  private static Obligation missing(String id, String variable, List<String> commands) {
    return Obligation.of(
            id,
            Obligation.PARAMETERS,
            String.join(", ", commands) + " without " + variable + " are error 4.",
            bed -> refused(bed, variable, null, commands, " without " + variable))
        .shows("7");
  }

  private static Obligation invalid(String id, String variable, String text, List<String> values) {
    return Obligation.of(
            id,
            Obligation.PARAMETERS,
            text,
            bed -> {
              for (String value : values) {
                String what = " with " + variable + " \"" + value + "\"";
                refused(bed, variable, value, List.of("ADD"), what);
              }
              return "refused: " + values;
            })
        .shows("7");
  }

  private static String refused(
      Testbed bed, String variable, @Nullable String value, List<String> commands, String what)
      throws Exception {
    String seen = "";
    for (String command : commands) {
      if (command.equals("CHECK") && !bed.network().cniVersion().matches("0\\.4\\.0|1\\..*")) {
        continue;
      }
      Attachment pod = bed.container();
      Call call = bed.call(command, pod).with(variable, value).named(command + what);
      if (command.equals("CHECK")) {
        call.config("prevResult", NetworkList.JSON.createObjectNode());
      }
      seen = call.run().error(4).toString();
      Unmet.require(pod.pod().links().size() == 1, command + what + " left a link in the pod");
    }
    return seen;
  }
}
