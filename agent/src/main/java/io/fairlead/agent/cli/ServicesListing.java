package io.fairlead.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fairlead.agent.server.Selection;
import io.fairlead.agent.server.ServicesReport;
import io.fairlead.agent.server.ServicesReport.Frontend;
import io.fairlead.agent.server.ServicesReport.Port;
import io.fairlead.agent.server.ServicesReport.Service;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code fairlead get services}: a line for each port of a Service in each address family. */
final class ServicesListing implements Listing<ServicesReport> {

  private static final List<String> HEADINGS =
      List.of(
          "NAMESPACE",
          "NAME",
          "PORT",
          "TYPE",
          "ADDRESSES",
          "ENDPOINTS",
          "HERE",
          "POLICY",
          "AFFINITY",
          "NOTES",
          "SOURCE-RANGES",
          "SCHEDULER",
          "CONNECTIONS",
          "BYTES",
          "REFUSED",
          "DROPPED");

  private static final int NARROW = 10;

  @Override
  public String name() {
    return "services";
  }

  @Override
  public String description() {
    return "Show the Services that this node serves, and how. ENDPOINTS are those that are used of"
        + " those that are known; HERE those on this node, where policy Local asks for them.";
  }

  @Override
  public boolean isNamespaced() {
    return true;
  }

  @Override
  public String path(Selection selection, boolean wide) {
    String path = Listing.super.path(selection, wide);
    return wide ? path + (path.contains("?") ? "&" : "?") + "counters=true" : path;
  }

  @Override
  public ServicesReport parse(String json) throws JsonProcessingException {
    return ServicesReport.parse(json);
  }

  @Override
  public String node(ServicesReport report) {
    return report.node();
  }

  @Override
  public List<String> headings(boolean wide) {
    return Listing.some(HEADINGS, NARROW, wide);
  }

  @Override
  public List<Row> rows(ServicesReport report, boolean wide) {
    List<Row> rows = new ArrayList<>();
    for (Service service : report.services()) {
      String id = service.namespace() + "/" + service.name();
      if (service.ports().isEmpty()) {
        Port none = new Port("", "", "", List.of(), -1, -1, 0);
        rows.add(row(id, service, none, wide));
      }
      for (Port port : service.ports()) {
        rows.add(
            row(
                String.join(" ", id, port.name(), port.protocol(), port.family()),
                service,
                port,
                wide));
      }
    }
    return rows;
  }

  /** A Service for machines, which may have several rows. */
  @Override
  public List<Row> things(ServicesReport report) {
    return report.services().stream()
        .map(service -> new Row(service.namespace() + "/" + service.name(), List.of(), service))
        .toList();
  }

  private static Row row(String id, Service service, Port port, boolean wide) {
    List<String> cells =
        List.of(
            service.namespace(),
            service.name(),
            port.name().isEmpty() ? port.protocol() : port.name() + "/" + port.protocol(),
            types(port),
            port.frontends().stream().map(Frontend::address).collect(Collectors.joining(",")),
            port.used() < 0 ? "" : port.used() + " of " + port.known(),
            port.usedHere() < 0 ? "" : Integer.toString(port.usedHere()),
            policies(service),
            service.affinitySeconds() == 0 ? "" : service.affinitySeconds() + " s",
            notes(service, port),
            ranges(port),
            service.scheduler(),
            sum(port, Frontend::connections),
            sum(port, Frontend::bytes),
            sum(port, Frontend::refused),
            sum(port, Frontend::dropped));
    return new Row(id, Listing.some(cells, NARROW, wide), service);
  }

  private static String types(Port port) {
    Set<String> types = new LinkedHashSet<>();
    port.frontends().forEach(frontend -> types.add(frontend.type()));
    return String.join(",", types);
  }

  private static String policies(Service service) {
    List<String> policies = new ArrayList<>();
    if (service.internalPolicy().equals("Local")) {
      policies.add("internal Local");
    }
    if (service.externalPolicy().equals("Local")) {
      policies.add("external Local");
    }
    return String.join(", ", policies);
  }

  private static String notes(Service service, Port port) {
    List<String> notes = new ArrayList<>();
    for (Frontend frontend : port.frontends()) {
      if (!frontend.owner().isEmpty()) {
        notes.add(frontend.address() + " is Service " + frontend.owner() + "'s");
      }
    }
    if (!service.skipped().isEmpty()) {
      notes.add("left out: " + service.skipped());
    }
    return String.join("; ", notes);
  }

  private static String ranges(Port port) {
    return port.frontends().stream()
        .map(Frontend::sourceRanges)
        .flatMap(Collection::stream)
        .distinct()
        .collect(Collectors.joining(","));
  }

  private interface Counter {
    long of(Frontend frontend);
  }

  private static String sum(Port port, Counter counter) {
    List<Frontend> counted =
        port.frontends().stream().filter(frontend -> counter.of(frontend) >= 0).toList();
    return counted.isEmpty() ? "" : Long.toString(counted.stream().mapToLong(counter::of).sum());
  }

  @Override
  public String text(ServicesReport report, boolean wide) {
    return Listing.table(headings(wide), rows(report, wide), "There are no such Services.");
  }
}
