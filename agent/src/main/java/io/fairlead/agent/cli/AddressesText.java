package io.fairlead.agent.cli;

import io.fairlead.agent.server.AddressesReport;
import io.fairlead.agent.server.AddressesReport.Address;
import org.jspecify.annotations.Nullable;

/** Pod CIDRs and addresses for people: a table each. Pure. */
final class AddressesText {

  private AddressesText() {}

  /** The addresses of one namespace's pods, or all if it is null; the pod CIDRs stay. */
  static AddressesReport only(AddressesReport report, @Nullable String namespace) {
    return namespace == null
        ? report
        : new AddressesReport(
            report.node(),
            report.ranges(),
            report.addresses().stream()
                .filter(address -> address.pod().startsWith(namespace + "/"))
                .toList(),
            report.released());
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
      Table addresses = new Table("ADDRESS", "STATE", "POD", "INTERFACE", "CONTAINER");
      for (Address address : report.addresses()) {
        addresses.row(
            address.address(),
            address.state(),
            address.pod(),
            address.interfaceName(),
            wide ? address.container() : PodsText.shortId(address.container()));
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
