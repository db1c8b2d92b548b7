package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.NetlinkSocket;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads elements by their keys: the kernel answers each with a message of its own. */
final class KeyedElements {

  /**
   * So many keys are asked for at once. Each answer takes a page and more of the socket's room,
   * however short it is: these take a twentieth of it. More at once are no faster.
   */
  private static final int BATCH = 200;

  private final NetlinkSocket socket;
  private final NfSet set;
  private final List<SetElement> elements;
  private final List<Bytes> batch = new ArrayList<>(BATCH);
  private final List<ElementCodec.Stored> stored = new ArrayList<>(1);

  private KeyedElements(NetlinkSocket socket, NfSet set, int count) {
    this.socket = socket;
    this.set = set;
    this.elements = new ArrayList<>(count);
  }

  /** The elements, or null if the kernel lacks one of them or does not answer like that. */
  static @Nullable List<SetElement> read(NetlinkSocket socket, NfSet set, ExpectedKeys expected)
      throws IOException {
    KeyedElements reading = new KeyedElements(socket, set, Math.toIntExact(expected.count()));
    try {
      for (Bytes key : expected.keys()) {
        reading.add(key);
      }
      reading.ask();
    } catch (NetlinkException e) {
      return null; // Mostly that there is no such element. A dump meets what else is wrong.
    }
    return reading.elements.size() == expected.count() ? reading.elements : null;
  }

  private void add(Bytes key) throws IOException {
    batch.add(key);
    if (batch.size() == BATCH) {
      ask();
    }
  }

  private void ask() throws IOException {
    if (batch.isEmpty()) {
      return;
    }
    var _ =
        socket.<SetElement>query(
            "read elements of " + set.kind() + " " + set.table() + " " + set.name(),
            NfMessages.type(NfMessages.GET_ELEMENTS),
            0,
            writer -> ElementCodec.writeKeys(writer, set, batch),
            message -> {
              ElementCodec.read(message, stored);
              stored.forEach(each -> elements.add(each.element()));
              stored.clear();
              return null;
            });
    batch.clear();
  }
}
