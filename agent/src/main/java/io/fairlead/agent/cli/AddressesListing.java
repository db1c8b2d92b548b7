package io.fairlead.agent.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fairlead.agent.server.AddressesReport;
import io.fairlead.agent.server.Selection;
import java.util.List;

/** {@code fairlead get addresses}. */
final class AddressesListing implements Listing<AddressesReport> {

  @Override
  public String name() {
    return "addresses";
  }

  @Override
  public String description() {
    return "Show the pod CIDRs of this node, and who has which address.";
  }

  @Override
  public boolean isNamespaced() {
    return true;
  }

  @Override
  public AddressesReport parse(String json) throws JsonProcessingException {
    return AddressesReport.parse(json);
  }

  @Override
  public String node(AddressesReport report) {
    return report.node();
  }

  @Override
  public AddressesReport only(AddressesReport report, Selection selection) {
    return AddressesText.only(report, selection);
  }

  @Override
  public List<String> headings(boolean wide) {
    return AddressesText.HEADINGS;
  }

  @Override
  public List<Row> rows(AddressesReport report, boolean wide) {
    return report.addresses().stream()
        .map(address -> new Row(address.address(), AddressesText.cells(address, wide), address))
        .toList();
  }

  @Override
  public String text(AddressesReport report, boolean wide) {
    return AddressesText.of(report, wide);
  }
}
