package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.NetlinkSocket;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import java.io.IOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what a packet with one key finds in a set. */
final class OneElement {

  private final NetlinkSocket socket;
  private final NfSet set;

  private OneElement(NetlinkSocket socket, NfSet set) {
    this.socket = socket;
    this.set = set;
  }

  /** The element, or null if there is none. */
  static @Nullable FoundElement read(NetlinkSocket socket, NfSet set, Bytes key)
      throws IOException {
    OneElement reading = new OneElement(socket, set);
    List<ElementCounter> counters = new ArrayList<>(1);
    SetElement element = reading.ask(key, false, counters);
    if (element == null) {
      return null;
    }
    if (set.hasPairs()) {
      Bytes last = reading.last(element.key(), key);
      SetElement whole =
          new SetElement(
              element.key(),
              last.equals(element.key()) ? null : last,
              element.data(),
              element.timeoutMillis(),
              element.comment());
      return FoundElement.uncounted(whole);
    }
    return counters.isEmpty()
        ? FoundElement.uncounted(element)
        : new FoundElement(element, counters.getFirst().packets(), counters.getFirst().bytes());
  }

  /**
   * The last value of a range of one field. It ends where the next end is, or before that where the
   * next range begins: of two adjacent ranges, the kernel keeps no end of the first.
   *
   * @param inside one of its values
   */
  private Bytes last(Bytes first, Bytes inside) throws IOException {
    Bytes behind = inside.plusOne();
    SetElement end = behind.isZero() ? null : ask(behind, true, new ArrayList<>());
    // What reaches to the last value of all has no end.
    Bytes last = end == null ? Bytes.zeros(first.length()).minusOne() : end.key().minusOne();
    if (isIn(first, last)) {
      return last;
    }
    BigInteger low = number(inside);
    BigInteger high = number(last);
    while (high.subtract(low).compareTo(BigInteger.ONE) > 0) {
      BigInteger middle = low.add(high).shiftRight(1);
      if (isIn(first, bytes(middle, first.length()))) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return bytes(low, first.length());
  }

  private boolean isIn(Bytes first, Bytes value) throws IOException {
    SetElement found = ask(value, false, new ArrayList<>());
    return found != null && found.key().equals(first);
  }

  private static BigInteger number(Bytes value) {
    return new BigInteger(1, value.toArray());
  }

  private static Bytes bytes(BigInteger number, int length) {
    byte[] shortest = number.toByteArray();
    byte[] whole = new byte[length];
    int copied = Math.min(shortest.length, length);
    System.arraycopy(shortest, shortest.length - copied, whole, length - copied, copied);
    return Bytes.of(whole);
  }

  private @Nullable SetElement ask(Bytes key, boolean end, List<ElementCounter> counters)
      throws IOException {
    List<ElementCodec.Stored> stored = new ArrayList<>(1);
    try {
      var _ =
          socket.<SetElement>query(
              "read an element of " + set.place(),
              NfMessages.type(NfMessages.GET_ELEMENTS),
              0,
              writer -> ElementCodec.writeKey(writer, set, key, end),
              message -> {
                ElementCodec.read(message, stored);
                ElementCodec.readCounters(message, counters);
                return null;
              });
    } catch (NetlinkException e) {
      if (!e.isNotFound()) {
        throw e;
      }
    }
    return stored.isEmpty() ? null : stored.getFirst().element();
  }
}
