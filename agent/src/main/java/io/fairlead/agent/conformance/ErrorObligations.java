package io.fairlead.agent.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What a plugin says when it fails. */
final class ErrorObligations {

  private ErrorObligations() {}

  static List<Obligation> all() {
    List<Obligation> all = new ArrayList<>();
    all.add(
        Obligation.of(
            "error.object",
            Obligation.ERROR_OBJECT,
            "A failure is one JSON object on stdout with cniVersion, code and msg, and exit not 0.",
            bed -> {
              JsonNode error = failed(bed, bed.network()).error();
              Unmet.require(
                  !error.path("cniVersion").asText().isEmpty(), "it has no cniVersion: " + error);
              return error.toString();
            }));
    for (String version : Versions.RELEASED) {
      all.add(
          Obligation.of(
                  "error.version-" + version,
                  Obligation.ERROR_OBJECT,
                  "Errors about a configuration of " + version + " carry that cniVersion.",
                  bed -> {
                    JsonNode error = failed(bed, bed.network(version)).error();
                    String given = error.path("cniVersion").asText();
                    Unmet.require(
                        given.equals(version),
                        "cniVersion is \"" + given + "\" in place of " + version);
                    return error.toString();
                  })
              .shows("9"));
    }
    return all;
  }

  /** What no plugin can do: to attach where there is no namespace. */
  private static Answer failed(Testbed bed, NetworkList network) throws Exception {
    Attachment pod = bed.container().withNetns("/no/such/namespace").in(network);
    return bed.call("ADD", pod).named("ADD to /no/such/namespace").run();
  }
}
