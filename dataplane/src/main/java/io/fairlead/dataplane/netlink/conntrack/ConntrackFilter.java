package io.fairlead.dataplane.netlink.conntrack;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which entries to read. What is null matches everything; all that is set must match. Immutable;
 * begin with {@link #ALL} and narrow it.
 *
 * @param family set by the first address if there is one
 * @param protocol an IP protocol number; a filter by port needs one
 * @param original of the first packet, before any translation
 * @param reply of the answers: their source is the endpoint that a Service chose
 * @param mark compared under {@code markMask}; both 0 to match any
 */
public record ConntrackFilter(
    @Nullable AddressFamily family,
    @Nullable Integer protocol,
    TupleFilter original,
    TupleFilter reply,
    int mark,
    int markMask) {

  /** Every entry of both families. */
  public static final ConntrackFilter ALL =
      new ConntrackFilter(null, null, TupleFilter.ANY, TupleFilter.ANY, 0, 0);

  public ConntrackFilter {
    for (IpAddress address :
        Stream.of(original.source(), original.destination(), reply.source(), reply.destination())
            .mapMulti(ConntrackFilter::ifPresent)
            .toList()) {
      if (family != null && address.family() != family) {
        throw new IllegalArgumentException(
            "the filter asks for " + family.kubernetesName() + " and for the address " + address);
      }
      family = address.family();
    }
    if (protocol == null && (original.namesPort() || reply.namesPort())) {
      throw new IllegalArgumentException("a filter by port needs the protocol too");
    }
  }

  private static void ifPresent(
      @Nullable IpAddress address, java.util.function.Consumer<IpAddress> sink) {
    if (address != null) {
      sink.accept(address);
    }
  }

  public ConntrackFilter withFamily(AddressFamily value) {
    return new ConntrackFilter(value, protocol, original, reply, mark, markMask);
  }

  public ConntrackFilter withProtocol(int value) {
    return new ConntrackFilter(family, value, original, reply, mark, markMask);
  }

  public ConntrackFilter withOriginal(TupleFilter value) {
    return new ConntrackFilter(family, protocol, value, reply, mark, markMask);
  }

  public ConntrackFilter withReply(TupleFilter value) {
    return new ConntrackFilter(family, protocol, original, value, mark, markMask);
  }

  public ConntrackFilter withMark(int value, int mask) {
    return new ConntrackFilter(family, protocol, original, reply, value, mask);
  }

  /** Whether {@code entry} is one of those asked for. */
  public boolean matches(ConntrackEntry entry) {
    return (family == null || family == entry.family())
        && (protocol == null || protocol == entry.protocol())
        && original.matches(entry.original())
        && reply.matches(entry.reply())
        && (entry.mark() & markMask) == (mark & markMask);
  }
}
