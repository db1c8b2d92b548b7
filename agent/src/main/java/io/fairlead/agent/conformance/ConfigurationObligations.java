package io.fairlead.agent.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The network configuration on stdin. */
final class ConfigurationObligations {

  private ConfigurationObligations() {}

  static List<Obligation> all() {
    return List.of(
        spoilt("configuration.malformed", "that is not JSON", "{\"name\": ", 6).shows("7"),
        spoilt("configuration.empty", "that is empty", "", 6).shows("7"),
        spoilt("configuration.array", "that is no JSON object", "[]", 6).shows("7"),
        name("configuration.name-missing", "A configuration without a name is error 7.", null)
            .shows("7"),
        name("configuration.name-invalid", "A name like \"../a\" is error 7.", "../a").shows("7"),
        Obligation.of(
                "configuration.version-unknown",
                Obligation.ERRORS,
                "A cniVersion that it does not speak is error 1.",
                bed -> {
                  Call call = bed.call("ADD", bed.container()).config("cniVersion", "99.0.0");
                  return call.named("ADD with cniVersion 99.0.0").run().error(1).toString();
                })
            .shows("9"),
        Obligation.of(
                "configuration.unknown-keys",
                Obligation.CONFIGURATION,
                "Keys that it does not know, and \"args\", are accepted.",
                bed -> {
                  Attachment pod = bed.container();
                  Call call =
                      bed.call("ADD", pod)
                          .config("example.com/unknown", "x")
                          .config(
                              "args",
                              NetworkList.JSON.readTree(
                                  "{\"labels\":{\"a\":\"b\"},\"cni\":{\"unknown\":[1]}}"));
                  return call.named("ADD with unknown keys").run().object().toString();
                })
            .shows("8"));
  }

  private static Obligation spoilt(String id, String which, String stdin, int code) {
    return Obligation.of(
        id,
        Obligation.ERRORS,
        "A configuration " + which + " is error " + code + ".",
        bed ->
            bed.call("ADD", bed.container())
                .stdin(stdin)
                .named("ADD with a configuration " + which)
                .run()
                .error(code)
                .toString());
  }

  private static Obligation name(String id, String text, @Nullable String name) {
    return Obligation.of(
        id,
        Obligation.CONFIGURATION,
        text,
        bed -> {
          JsonNode value = name == null ? null : NetworkList.JSON.valueToTree(name);
          Call call = bed.call("ADD", bed.container()).config("name", value);
          return call.named("ADD with the name " + name).run().error(7).toString();
        });
  }
}
