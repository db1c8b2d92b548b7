package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.MessageWriter;
import io.fairlead.dataplane.netlink.NetlinkMessage;
import java.util.ArrayList;
import java.util.List;

/** The package's codecs, for benchmarks: they are nobody else's business. */
public final class NftablesCodecs {

  private NftablesCodecs() {}

  /** A whole batch, whose last operation is acknowledged; sequence numbers count from 0. */
  public static byte[] batch(NfTransaction transaction) {
    BatchWriter writer = new BatchWriter();
    writer.write(transaction, 0, null);
    return writer.messages().toBytes();
  }

  /** A message with new elements. */
  public static void writeElements(MessageWriter writer, NfSet set, List<SetElement> elements) {
    writer.begin(NfMessages.type(NfMessages.NEW_ELEMENTS), 0, 1);
    ElementCodec.write(writer, set, elements, 0, false);
    writer.end();
  }

  /** The elements of a message, as many as there are. */
  public static List<SetElement> readElements(NetlinkMessage message) {
    List<ElementCodec.Stored> stored = new ArrayList<>();
    ElementCodec.read(message, stored);
    List<SetElement> elements = new ArrayList<>(stored.size());
    stored.forEach(one -> elements.add(one.element()));
    return elements;
  }
}
