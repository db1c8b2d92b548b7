package io.fairlead.dataplane.netlink.route;

import io.fairlead.dataplane.model.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * A packet whose way is asked for. Build with {@code RouteLookup.to(destination).from(source)}.
 *
 * @param source null for the one that the kernel would choose
 * @param inputIndex the link that it came through, or 0 if this host sends it. One that came needs
 *     a source
 * @param mark of the packet
 * @param matching whether to answer with the route that decides, as it is in its table; otherwise
 *     with what it means for this packet: a route to the destination alone, with the source that
 *     the kernel would choose
 */
public record RouteLookup(
    IpAddress destination, @Nullable IpAddress source, int inputIndex, int mark, boolean matching) {

  public RouteLookup {
    if (source != null && source.family() != destination.family()) {
      throw new IllegalArgumentException("no packet goes from " + source + " to " + destination);
    }
    if (inputIndex != 0 && source == null) {
      throw new IllegalArgumentException("a packet that came through a link has a source");
    }
  }

  /** A packet that this host sends. */
  public static RouteLookup to(IpAddress destination) {
    return new RouteLookup(destination, null, 0, 0, false);
  }

  /** A packet with this source address. */
  public RouteLookup from(IpAddress value) {
    return new RouteLookup(destination, value, inputIndex, mark, matching);
  }

  /** A packet that came through a link; {@link #from} comes first. */
  public RouteLookup through(int linkIndex) {
    return new RouteLookup(destination, source, linkIndex, mark, matching);
  }

  public RouteLookup withMark(int value) {
    return new RouteLookup(destination, source, inputIndex, value, matching);
  }

  /** Asks for the route that decides, as it is in its table. */
  public RouteLookup matchingRoute() {
    return new RouteLookup(destination, source, inputIndex, mark, true);
  }

  /** "10.96.0.10 from 10.244.1.2 iif 3 mark 0x4000", as ip route get spells it. */
  @Override
  public String toString() {
    return destination
        + (source == null ? "" : " from " + source)
        + (inputIndex == 0 ? "" : " iif " + inputIndex)
        + (mark == 0 ? "" : " mark 0x" + Integer.toHexString(mark))
        + (matching ? " fibmatch" : "");
  }
}
