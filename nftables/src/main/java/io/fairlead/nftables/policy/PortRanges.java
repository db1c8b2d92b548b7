package io.fairlead.nftables.policy;

import io.fairlead.dataplane.model.NetworkPolicyRecord.Port;
import io.fairlead.dataplane.model.Protocol;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Arithmetic of port ranges. */
final class PortRanges {

  private static final Comparator<Port.Range> ORDER =
      Comparator.comparing(Port.Range::protocol)
          .thenComparingInt(Port.Range::first)
          .thenComparingInt(Port.Range::last);

  private PortRanges() {}

  /** The same ports in ranges that neither overlap nor touch, in order. */
  static List<Port.Range> merged(List<Port.Range> ranges) {
    List<Port.Range> merged = new ArrayList<>();
    for (Port.Range range : ranges.stream().sorted(ORDER).toList()) {
      Port.Range before = merged.isEmpty() ? null : merged.getLast();
      if (before != null
          && before.protocol() == range.protocol()
          && range.first() <= before.last() + 1) {
        int last = Math.max(before.last(), range.last());
        merged.set(merged.size() - 1, new Port.Range(range.protocol(), before.first(), last));
      } else {
        merged.add(range);
      }
    }
    return List.copyOf(merged);
  }

  /** Whether the range is every port of its protocol. */
  static boolean isEvery(Port.Range range) {
    return range.equals(Port.Range.every(range.protocol()));
  }

  /** All ranges of a protocol as text: "tcp 80, 90-99". */
  static String text(List<Port.Range> ranges) {
    StringBuilder text = new StringBuilder();
    Protocol protocol = null;
    for (Port.Range range : ranges) {
      text.append(text.isEmpty() ? "" : ", ");
      if (range.protocol() != protocol) {
        protocol = range.protocol();
        text.append(name(protocol)).append(' ');
      }
      text.append(range.first());
      if (range.last() != range.first()) {
        text.append('-').append(range.last());
      }
    }
    return text.toString();
  }

  static String name(Protocol protocol) {
    return switch (protocol) {
      case TCP -> "tcp";
      case UDP -> "udp";
      case SCTP -> "sctp";
    };
  }
}
