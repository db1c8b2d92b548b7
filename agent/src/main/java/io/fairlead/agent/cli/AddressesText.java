package io.fairlead.agent.cli;

import io.fairlead.agent.server.AddressesReport;
import io.fairlead.agent.server.AddressesReport.Address;
import io.fairlead.agent.server.Selection;
import java.util.List;

/** Pod CIDRs and addresses for people: a table each. Pure. */
final class AddressesText {

  static final List<String> HEADINGS = List.of("ADDRESS", "STATE", "POD", "INTERFACE", "CONTAINER");

  private AddressesText() {}

  /** The addresses of the pods that are selected; the pod CIDRs stay. */
  static AddressesReport only(AddressesReport report, Selection selection) {
    return selection.equals(Selection.ALL)
        ? report
        : new AddressesReport(
            report.node(),
            report.ranges(),
            report.addresses().stream()
                .filter(address -> isSelected(address.pod(), selection))
                .toList(),
            report.released());
  }

  private static boolean isSelected(String pod, Selection selection) {
    int slash = pod.indexOf('/');
    return slash >= 0 && selection.includes(pod.substring(0, slash), pod.substring(slash + 1));
  }

  static List<String> cells(Address address, boolean wide) {
    return List.of(
        address.address(),
        address.state(),
        address.pod(),
        address.interfaceName(),
        wide ? address.container() : PodsText.shortId(address.container()));
  }

  /**
   * @param wide with whole container IDs, and with the addresses that will be used again
   */
  static String of(AddressesReport report, boolean wide) {
    StringBuilder text = new StringBuilder();
    if (report.ranges().isEmpty()) {
      text.append("The node ").append(report.node()).append(" has no pod CIDR.\n");
    } else {
      Table ranges = new Table("POD-CIDR", "GATEWAY", "USED", "SIZE");
      for (AddressesReport.Range range : report.ranges()) {
        ranges.row(
            range.cidr(),
            range.gateway(),
            Long.toString(range.used()),
            Long.toString(range.size()));
      }
      text.append(ranges);
    }
    text.append('\n');
    if (report.addresses().isEmpty()) {
      text.append("No address is in use.\n");
    } else {
      Table addresses = new Table(HEADINGS.toArray(String[]::new));
      for (Address address : report.addresses()) {
        addresses.row(cells(address, wide).toArray(String[]::new));
      }
      text.append(addresses);
    }
    if (wide && !report.released().isEmpty()) {
      text.append("\nFree, and used again in this order: ")
          .append(String.join(", ", report.released()))
          .append('\n');
    }
    return text.toString();
  }
}
