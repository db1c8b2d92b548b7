package io.fairlead.agent.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** VERSION. */
final class VersionObligations {

  private VersionObligations() {}

  static List<Obligation> all() {
    List<Obligation> all = new ArrayList<>();
    all.add(
        Obligation.of(
            "version.answer",
            Obligation.VERSION,
            "VERSION answers with cniVersion and a list supportedVersions of texts.",
            bed -> {
              JsonNode answer = version(bed, "{\"cniVersion\":\"1.0.0\"}");
              Unmet.require(
                  answer.path("supportedVersions").isArray()
                      && !answer.path("supportedVersions").isEmpty(),
                  "there is no list supportedVersions: " + answer);
              for (JsonNode each : answer.path("supportedVersions")) {
                Unmet.require(
                    each.isTextual() && each.asText().matches("\\d+\\.\\d+\\.\\d+"),
                    "supportedVersions holds " + each);
              }
              return answer.toString();
            }));
    all.add(
        Obligation.of(
            "version.echo",
            Obligation.VERSION,
            "VERSION answers with the cniVersion that it was asked in.",
            bed -> {
              for (String asked : List.of("0.4.0", "1.0.0")) {
                JsonNode answer = version(bed, "{\"cniVersion\":\"" + asked + "\"}");
                String given = answer.path("cniVersion").asText();
                Unmet.require(given.equals(asked), asked + " was asked, " + given + " is answered");
              }
              return "asked in 0.4.0 and 1.0.0, answered in the same";
            }));
    all.add(
        Obligation.of(
                "version.empty-stdin",
                Obligation.PRACTICE,
                "VERSION works with nothing on stdin.",
                bed -> {
                  JsonNode answer = version(bed, "");
                  Unmet.require(
                      !answer.path("cniVersion").asText().isEmpty(), "no cniVersion: " + answer);
                  return answer.toString();
                })
            .shows("10"));
    all.add(
        Obligation.of(
            "version.alone",
            Obligation.VERSION,
            "VERSION needs no variable but CNI_COMMAND.",
            bed -> {
              Call call = bed.runtime().about("VERSION", bed.network()).with("CNI_PATH", null);
              return call.run().object().toString();
            }));
    for (String version : Versions.RELEASED) {
      all.add(
          Obligation.of(
                  "version.supports-" + version,
                  Obligation.VERSION,
                  "It speaks CNI " + version + ".",
                  bed -> {
                    bed.network(version);
                    return version + " is among supportedVersions";
                  })
              .shows("9"));
    }
    return all;
  }

  private static JsonNode version(Testbed bed, String stdin) throws Exception {
    return bed.runtime().about("VERSION", bed.network()).stdin(stdin).run().object();
  }
}
