package io.fairlead.nftables.hostport;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.ElementData;
import io.fairlead.dataplane.netlink.nftables.KeyBuilder;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Host ports as elements of maps, with the name of their owner as comment. */
final class HostPortElements {

  /** So much of a comment nft takes, in bytes of UTF-8: NFTNL_UDATA_COMMENT_MAXLEN less the NUL. */
  private static final int COMMENT_LIMIT = 127;

  /** What a protocol and a port take each, padded. */
  private static final int FIELD = 4;

  private HostPortElements() {}

  /** The element of {@link HostPortSets#map}. */
  static SetElement of(PortClaims.Held held) {
    PortForward forward = held.forward();
    HostSocket at = forward.at();
    KeyBuilder builder = new KeyBuilder();
    if (at.address() != null) {
      builder.address(at.address());
    }
    Bytes key = builder.protocol(at.protocol().number()).port(at.port()).build();
    Bytes target = builder.address(forward.pod()).port(forward.podPort()).build();
    return SetElement.of(key, target).withComment(comment(held.owner().name()));
  }

  private static String comment(String text) {
    int end = text.length();
    while (text.substring(0, end).getBytes(StandardCharsets.UTF_8).length > COMMENT_LIMIT) {
      end = text.offsetByCodePoints(end, -1);
    }
    return text.substring(0, end);
  }

  /**
   * The host port that an element of a family's map stands for; null if it is none of ours.
   *
   * @param address whether keys begin with the node's address
   */
  static @Nullable PortForward read(AddressFamily family, boolean address, SetElement element) {
    int addressLength = family.byteLength();
    int numbers = address ? addressLength : 0;
    Bytes key = element.key();
    if (key.length() != numbers + 2 * FIELD
        || !(element.data() instanceof ElementData.OfValue(Bytes target))
        || target.length() != addressLength + FIELD) {
      return null;
    }
    int port = key.u16BeAt(numbers + FIELD);
    int podPort = target.u16BeAt(addressLength);
    if (port == 0 || podPort == 0) {
      return null;
    }
    for (Protocol protocol : Protocol.values()) {
      if (protocol.number() == key.at(numbers)) {
        IpAddress at = address ? IpAddress.of(key.slice(0, addressLength).toArray()) : null;
        return new PortForward(
            new HostSocket(family, protocol, at, port),
            IpAddress.of(target.slice(0, addressLength).toArray()),
            podPort);
      }
    }
    return null;
  }
}
