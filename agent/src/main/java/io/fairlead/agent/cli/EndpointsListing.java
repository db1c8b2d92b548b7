package io.fairlead.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fairlead.agent.server.EndpointsReport;
import io.fairlead.agent.server.EndpointsReport.Endpoint;
import java.util.ArrayList;
import java.util.List;

/** {@code fairlead get endpoints}: a line for each entry of a slice and each port. */
final class EndpointsListing implements Listing<EndpointsReport> {

  private static final List<String> HEADINGS =
      List.of(
          "NAMESPACE",
          "SERVICE",
          "PORT",
          "ENDPOINT",
          "NODE",
          "STATE",
          "FATE",
          "HERE",
          "HINTS",
          "SLICE");

  private static final int NARROW = 8;

  @Override
  public String name() {
    return "endpoints";
  }

  @Override
  public String description() {
    return "Show the endpoints of Services, and why each is used or not. FATE is for traffic that"
        + " may go to any node, HERE for what must stay on this one.";
  }

  @Override
  public boolean isNamespaced() {
    return true;
  }

  @Override
  public EndpointsReport parse(String json) throws JsonProcessingException {
    return EndpointsReport.parse(json);
  }

  @Override
  public String node(EndpointsReport report) {
    return report.node();
  }

  @Override
  public List<String> headings(boolean wide) {
    return Listing.some(HEADINGS, NARROW, wide);
  }

  @Override
  public List<Row> rows(EndpointsReport report, boolean wide) {
    return report.endpoints().stream().map(endpoint -> row(endpoint, wide)).toList();
  }

  private static Row row(Endpoint endpoint, boolean wide) {
    List<String> cells =
        List.of(
            endpoint.namespace(),
            endpoint.service(),
            endpoint.portName().isEmpty()
                ? endpoint.protocol()
                : endpoint.portName() + "/" + endpoint.protocol(),
            endpoint.address(),
            endpoint.nodeName(),
            state(endpoint),
            endpoint.why(),
            endpoint.whyHere(),
            hints(endpoint),
            endpoint.slice());
    String id =
        String.join(
            " ",
            endpoint.namespace(),
            endpoint.service(),
            endpoint.portName(),
            endpoint.protocol(),
            endpoint.slice(),
            endpoint.address());
    return new Row(id, Listing.some(cells, NARROW, wide), endpoint);
  }

  private static String state(Endpoint endpoint) {
    List<String> words = new ArrayList<>();
    words.add(endpoint.ready() ? "ready" : "not ready");
    if (endpoint.terminating()) {
      words.add(endpoint.serving() ? "terminating, serving" : "terminating");
    }
    return String.join(", ", words);
  }

  private static String hints(Endpoint endpoint) {
    List<String> hints = new ArrayList<>();
    endpoint.hintedNodes().forEach(node -> hints.add("node " + node));
    endpoint.hintedZones().forEach(zone -> hints.add("zone " + zone));
    return String.join(",", hints);
  }

  @Override
  public String text(EndpointsReport report, boolean wide) {
    return Listing.table(
        headings(wide), rows(report, wide), "There are no endpoints of such Services.");
  }
}
