package io.fairlead.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fairlead.agent.server.PodsReport;
import io.fairlead.agent.server.Selection;
import java.util.List;

/** {@code fairlead get pods}. */
final class PodsListing implements Listing<PodsReport> {

  @Override
  public String name() {
    return "pods";
  }

  @Override
  public String description() {
    return "Show the pods that are attached.";
  }

  @Override
  public boolean isNamespaced() {
    return true;
  }

  @Override
  public PodsReport parse(String json) throws JsonProcessingException {
    return PodsReport.parse(json);
  }

  @Override
  public String node(PodsReport report) {
    return report.node();
  }

  @Override
  public PodsReport only(PodsReport report, Selection selection) {
    return PodsText.only(report, selection);
  }

  @Override
  public List<String> headings(boolean wide) {
    return PodsText.headings(wide);
  }

  @Override
  public List<Row> rows(PodsReport report, boolean wide) {
    return report.pods().stream()
        .map(pod ->
            new Row(
                String.join(" ", pod.network(), pod.container(), pod.interfaceName()),
                PodsText.cells(pod, wide),
                pod))
        .toList();
  }

  @Override
  public String text(PodsReport report, boolean wide) {
    return PodsText.of(report, wide);
  }
}
