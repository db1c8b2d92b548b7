package io.fairlead.bench.policy.matrix;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.sys.NativeBuffer;
import io.fairlead.dataplane.sys.RawSocket;
import io.fairlead.dataplane.testing.TestNamespace;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Who sends and receives probes: an address of each family in some namespace. */
final class ProbeHost implements AutoCloseable {

  private final String name;
  private final Map<AddressFamily, IpAddress> addresses = new EnumMap<>(AddressFamily.class);
  private final Map<AddressFamily, RawSocket> senders = new EnumMap<>(AddressFamily.class);
  private final List<RawSocket> receivers = new ArrayList<>();

  private ProbeHost(String name, List<IpAddress> own) {
    this.name = name;
    own.forEach(address -> addresses.put(address.family(), address));
  }

  /** A host that sees what arrives at its interfaces; nothing in its namespace filters. */
  static ProbeHost open(String name, TestNamespace namespace, List<IpAddress> addresses)
      throws Exception {
    return namespace.call(() -> {
      ProbeHost host = new ProbeHost(name, addresses);
      for (AddressFamily family : AddressFamily.values()) {
        host.senders.put(family, RawSocket.sender(family));
        host.receivers.add(RawSocket.tap(family));
      }
      return host;
    });
  }

  /** A host that sees what the rules of its own namespace let in, of IPv4 only. */
  static ProbeHost openBehindRules(String name, TestNamespace namespace, List<IpAddress> addresses)
      throws Exception {
    return namespace.call(() -> {
      ProbeHost host = new ProbeHost(name, addresses);
      for (AddressFamily family : AddressFamily.values()) {
        host.senders.put(family, RawSocket.sender(family));
      }
      for (int protocol : ProbePacket.PROTOCOLS) {
        host.receivers.add(RawSocket.receiver(protocol));
      }
      return host;
    });
  }

  String name() {
    return name;
  }

  IpAddress address(AddressFamily family) {
    return Objects.requireNonNull(addresses.get(family));
  }

  boolean has(IpAddress address) {
    return address.equals(addresses.get(address.family()));
  }

  void send(NativeBuffer packet, int length, IpAddress destination) throws IOException {
    // A drop on the way out is as good as one on the way: the receiver tells.
    var _ =
        Objects.requireNonNull(senders.get(destination.family())).send(packet, length, destination);
  }

  /** Sees one packet, which is overwritten afterwards. */
  interface Sight {
    void of(ProbeHost receiver, NativeBuffer packet, int length);
  }

  /** Shows all packets that wait. */
  void receive(NativeBuffer buffer, Sight sight) throws IOException {
    for (RawSocket socket : receivers) {
      for (int length = socket.receive(buffer); length > 0; length = socket.receive(buffer)) {
        sight.of(this, buffer, length);
      }
    }
  }

  @Override
  public String toString() {
    return name;
  }

  @Override
  public void close() {
    senders.values().forEach(RawSocket::close);
    receivers.forEach(RawSocket::close);
  }
}
