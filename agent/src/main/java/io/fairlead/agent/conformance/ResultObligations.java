package io.fairlead.agent.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The shape of results in each version. */
final class ResultObligations {

  private static final List<String> INTERFACE_SINCE_1_1 = List.of("mtu", "socketPath", "pciID");
  private static final List<String> ROUTE_SINCE_1_1 =
      List.of("mtu", "advmss", "priority", "table", "scope");

  private ResultObligations() {}

  static List<Obligation> all() {
    List<Obligation> all = new ArrayList<>();
    for (String version : Versions.RELEASED) {
      all.add(
          Obligation.of(
                  "result." + version,
                  Obligation.RESULT,
                  "ADD, CHECK and DEL work with a configuration of "
                      + version
                      + ", and the result has that version's shape.",
                  bed -> lifetime(bed, version))
              .shows("9"));
    }
    return all;
  }

  private static String lifetime(Testbed bed, String version) throws Exception {
    Attachment pod = bed.attach(bed.container().in(bed.network(version)));
    Result result = pod.attached();
    Unmet.require(
        result.json().path("cniVersion").asText().equals(version),
        "cniVersion is " + result.json().path("cniVersion"));
    requireShape(result.json(), version);
    Unmet.require(
        pod.pod().hasAddress("eth0", result.first().ip()), "eth0 lacks " + result.first().ip());
    if (version.compareTo("0.4.0") >= 0) {
      bed.runtime().check(pod).succeededSilently();
    }
    bed.detach(pod);
    bed.requireNoResidue("after DEL");
    return result.json().toString();
  }

  private static void requireShape(JsonNode json, String version) throws Unmet {
    boolean byFamily = version.compareTo("0.3.0") < 0;
    for (String key : byFamily ? List.of("ips", "interfaces", "routes") : List.of("ip4", "ip6")) {
      Unmet.require(!json.has(key), "\"" + key + "\" is not of " + version + ": " + json);
    }
    if (byFamily) {
      Unmet.require(json.has("ip4") || json.has("ip6"), "neither ip4 nor ip6: " + json);
      return;
    }
    Unmet.require(!json.path("ips").isEmpty(), "no \"ips\": " + json);
    for (JsonNode ip : json.path("ips")) {
      String family = ip.path("version").asText();
      boolean hasFamily = ip.path("address").asText().contains(":") == family.equals("6");
      Unmet.require(
          version.compareTo("1.0.0") < 0 ? hasFamily && family.matches("[46]") : !ip.has("version"),
          "the \"version\" of an address is not as in " + version + ": " + ip);
      int index = ip.path("interface").asInt(-1);
      Unmet.require(
          index >= 0 && index < json.path("interfaces").size(),
          "an address points to no interface: " + ip);
    }
    if (version.compareTo(Versions.LATEST) < 0) {
      forbid(json.path("interfaces"), INTERFACE_SINCE_1_1, version);
      forbid(json.path("routes"), ROUTE_SINCE_1_1, version);
    }
  }

  private static void forbid(JsonNode array, List<String> keys, String version) throws Unmet {
    for (JsonNode each : array) {
      for (String key : keys) {
        Unmet.require(!each.has(key), "\"" + key + "\" is not of " + version + ": " + each);
      }
    }
  }
}
