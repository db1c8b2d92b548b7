package io.fairlead.dataplane.netlink.conntrack;

import io.fairlead.dataplane.model.AddressFamily;
import java.util.Comparator;
import java.util.Locale;

/**
 * A flow that the kernel remembers. Immutable.
 *
 * @param original the direction of the first packet, before any address translation
 * @param reply what the answers look like: source and destination exchanged, and translated
 * @param mark unsigned, 0 if none
 * @param status bits of {@link ConntrackStatus}
 * @param timeout seconds until the kernel forgets the entry; 0 if the kernel did not say
 * @param id unsigned; the kernel's name for this very entry, which a later entry with the same
 *     tuple does not share
 */
public record ConntrackEntry(
    ConntrackTuple original,
    ConntrackTuple reply,
    ConntrackZone zone,
    int mark,
    int status,
    int timeout,
    int id) {

  /** By tuple and zone, so that sorted output is stable while timeouts and marks change. */
  public static final Comparator<ConntrackEntry> ORDER =
      Comparator.comparingInt(ConntrackEntry::protocol)
          .thenComparing(entry -> entry.original().source())
          .thenComparing(entry -> entry.original().destination())
          .thenComparing(entry -> entry.original().toString())
          .thenComparingInt(entry -> entry.zone().id())
          .thenComparingLong(entry -> Integer.toUnsignedLong(entry.id()));

  public AddressFamily family() {
    return original.family();
  }

  public int protocol() {
    return original.protocol();
  }

  public boolean has(ConntrackStatus bit) {
    return (status & bit.mask()) != 0;
  }

  /** One line: "udp 10.0.0.1:40000 -> 10.96.0.10:53 reply ... [CONFIRMED DST_NAT] ... id 7". */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(160);
    text.append(ConntrackTuple.protocolName(protocol())).append(' ').append(original);
    text.append(" reply ").append(reply).append(" [");
    String separator = "";
    for (ConntrackStatus bit : ConntrackStatus.values()) {
      if (has(bit)) {
        text.append(separator).append(bit.name());
        separator = " ";
      }
    }
    text.append(']');
    if (mark != 0) {
      text.append(" mark 0x").append(Integer.toHexString(mark));
    }
    if (!zone.equals(ConntrackZone.DEFAULT)) {
      text.append(" zone ").append(zone.id());
      if (zone.direction() != ConntrackZone.Direction.BOTH) {
        text.append(' ').append(zone.direction().name().toLowerCase(Locale.ROOT));
      }
    }
    text.append(" timeout ").append(Integer.toUnsignedString(timeout));
    text.append(" id ").append(Integer.toUnsignedString(id));
    return text.toString();
  }
}
