package io.fairlead.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fairlead.agent.server.NodesReport;
import io.fairlead.agent.server.NodesReport.Node;
import java.util.List;

/** {@code fairlead get nodes}. */
final class NodesListing implements Listing<NodesReport> {

  private static final List<String> HEADINGS =
      List.of("NAME", "ADDRESSES", "POD-CIDRS", "WAY", "ZONE", "PROBLEM", "VTEP-MAC");

  private static final int NARROW = 6;

  @Override
  public String name() {
    return "nodes";
  }

  @Override
  public String description() {
    return "Show the nodes of the cluster, and how this one reaches their pods.";
  }

  @Override
  public boolean isNamespaced() {
    return false;
  }

  @Override
  public NodesReport parse(String json) throws JsonProcessingException {
    return NodesReport.parse(json);
  }

  @Override
  public String node(NodesReport report) {
    return report.node();
  }

  @Override
  public List<String> headings(boolean wide) {
    return Listing.some(HEADINGS, NARROW, wide);
  }

  @Override
  public List<Row> rows(NodesReport report, boolean wide) {
    return report.nodes().stream().map(node -> row(node, wide)).toList();
  }

  private static Row row(Node node, boolean wide) {
    List<String> cells =
        List.of(
            node.name(),
            String.join(",", node.addresses()),
            String.join(",", node.podCidrs()),
            node.way(),
            node.zone(),
            String.join("; ", node.problems()),
            node.vtepMac());
    return new Row(node.name(), Listing.some(cells, NARROW, wide), node);
  }

  @Override
  public String text(NodesReport report, boolean wide) {
    return Listing.table(headings(wide), rows(report, wide), "There are no such nodes.");
  }
}
