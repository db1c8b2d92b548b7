package io.fairlead.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fairlead.agent.server.RoutesReport;
import io.fairlead.agent.server.RoutesReport.Entry;
import java.util.List;

/** {@code fairlead get routes}. */
final class RoutesListing implements Listing<RoutesReport> {

  private static final List<String> HEADINGS = List.of("NODE", "KIND", "WANTED", "STATE", "FOUND");

  private static final int NARROW = 4;

  @Override
  public String name() {
    return "routes";
  }

  @Override
  public String description() {
    return "Show the routes, neighbours and forwarding entries that lead to pods of other nodes,"
        + " and whether the kernel has them. Names are those of nodes.";
  }

  @Override
  public boolean isNamespaced() {
    return false;
  }

  @Override
  public RoutesReport parse(String json) throws JsonProcessingException {
    return RoutesReport.parse(json);
  }

  @Override
  public String node(RoutesReport report) {
    return report.node();
  }

  @Override
  public List<String> headings(boolean wide) {
    return Listing.some(HEADINGS, NARROW, wide);
  }

  @Override
  public List<Row> rows(RoutesReport report, boolean wide) {
    return report.entries().stream().map(entry -> row(entry, wide)).toList();
  }

  private static Row row(Entry entry, boolean wide) {
    boolean differs = entry.state().equals("different") && !wide;
    List<String> cells =
        List.of(
            entry.forNode(),
            entry.kind(),
            entry.wanted(),
            differs ? "different: " + entry.found() : state(entry, wide),
            entry.found());
    String what = entry.wanted().isEmpty() ? "extra " + entry.found() : entry.wanted();
    return new Row(entry.kind() + " " + what, Listing.some(cells, NARROW, wide), entry);
  }

  private static String state(Entry entry, boolean wide) {
    return entry.state().equals("extra") && !wide ? "extra: " + entry.found() : entry.state();
  }

  @Override
  public String text(RoutesReport report, boolean wide) {
    return Listing.table(
        headings(wide), rows(report, wide), "No routes lead to pods of other nodes.");
  }
}
