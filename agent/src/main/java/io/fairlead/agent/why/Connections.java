package io.fairlead.agent.why;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackSocket;
import io.fairlead.dataplane.netlink.conntrack.TupleFilter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The connections that the kernel tracks between two ends. */
final class Connections {

  private Connections() {}

  /**
   * Those from the source that were sent to the destination.
   *
   * @param most how many are told
   */
  static List<String> between(WhyReport report, int most) throws IOException {
    IpAddress source = IpAddress.parse(report.sourceAddress());
    IpAddress destination = IpAddress.parse(report.destinationAddress());
    Transport transport = Transport.parse(report.protocol());
    if (transport == null) {
      return List.of();
    }
    Integer port = report.port() < 0 ? null : report.port();
    ConntrackFilter filter =
        ConntrackFilter.ALL
            .withProtocol(transport.number(source.family()))
            .withOriginal(new TupleFilter(source, null, destination, port));
    List<ConntrackEntry> found = new ArrayList<>();
    int[] more = new int[1];
    try (ConntrackSocket kernel = ConntrackSocket.open()) {
      kernel.dump(
          filter,
          entry -> {
            if (found.size() < most) {
              found.add(entry);
            } else {
              more[0]++;
            }
          });
    }
    found.sort(ConntrackEntry.ORDER);
    List<String> texts = new ArrayList<>(found.stream().map(ConntrackEntry::toString).toList());
    if (more[0] > 0) {
      texts.add("and " + more[0] + " more");
    }
    return texts;
  }
}
