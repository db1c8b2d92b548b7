package io.fairlead.agent.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** A plugin that is not the first of its list. */
final class ChainObligations {

  private static final String EARLIER =
      """
      {"cniVersion":"1.0.0",
       "interfaces":[{"name":"other0","mac":"02:00:00:00:00:01"}],
       "ips":[{"address":"198.51.100.7/24","interface":0}],
       "routes":[{"dst":"198.51.100.0/24","gw":"198.51.100.1"}],
       "dns":{"nameservers":["198.51.100.53"],"domain":"example.com","search":["a.example.com"]}}
      """;

  private ChainObligations() {}

  static List<Obligation> all() {
    return List.of(
        keeps("interfaces", "The interfaces of earlier plugins stay in the result.", "/interfaces"),
        keeps("addresses", "The addresses of earlier plugins stay in the result.", "/ips"),
        keeps("routes", "The routes of earlier plugins stay in the result.", "/routes"),
        Obligation.of(
                "chain.keeps-dns",
                Obligation.DERIVING,
                "The DNS settings of earlier plugins stay, where this one has none itself.",
                bed -> {
                  JsonNode dns = later(bed).path("dns");
                  JsonNode expected = NetworkList.JSON.readTree(EARLIER).path("dns");
                  Unmet.require(dns.equals(expected), "dns is " + dns + " in place of " + expected);
                  return dns.toString();
                })
            .shows("11"),
        Obligation.of(
                "chain.indices",
                Obligation.RESULT,
                "Its own addresses point to its own interface, behind those of earlier plugins.",
                bed -> {
                  JsonNode json = later(bed);
                  for (Result.Address address : Result.read(json).addresses()) {
                    boolean earlier = address.ip().toString().equals("198.51.100.7");
                    JsonNode link = json.path("interfaces").path(address.interfaceIndex());
                    Unmet.require(
                        link.path("name").asText().equals(earlier ? "other0" : "eth0"),
                        address.ip() + " points to " + link);
                  }
                  return json.path("ips").toString();
                })
            .shows("11"),
        Obligation.of(
            "chain.malformed",
            Obligation.ERRORS,
            "A prevResult that cannot be read is an error, and nothing is attached.",
            bed -> {
              Attachment pod = bed.container();
              JsonNode bad = NetworkList.JSON.readTree("{\"ips\":[{\"address\":\"none\"}]}");
              Answer answer =
                  bed.call("ADD", pod)
                      .config("prevResult", bad)
                      .named("ADD with a prevResult that cannot be read")
                      .run();
              String seen = answer.error().toString();
              Unmet.require(pod.pod().link("eth0") == null, "the pod has got an eth0");
              return seen;
            }));
  }

  private static Obligation keeps(String id, String text, String pointer) {
    return Obligation.of(
            "chain.keeps-" + id,
            Obligation.DERIVING,
            text,
            bed -> {
              JsonNode kept = NetworkList.JSON.readTree(EARLIER).at(pointer).get(0);
              JsonNode given = later(bed).at(pointer);
              for (JsonNode each : given) {
                if (each.equals(kept)) {
                  return given.toString();
                }
              }
              throw new Unmet(kept + " is missing in " + given);
            })
        .shows("11");
  }

  private static JsonNode later(Testbed bed) throws Exception {
    Attachment pod = bed.container().in(bed.network("1.0.0"));
    return bed.call("ADD", pod)
        .config("dns", (JsonNode) null)
        .config("prevResult", NetworkList.JSON.readTree(EARLIER))
        .named("ADD with prevResult")
        .run()
        .object();
  }
}
