package io.fairlead.nftables;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.KeyBuilder;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.table.ServiceKeys;
import org.jspecify.annotations.Nullable;

/** Endpoints and their slots as keys and values of elements, and back. */
final class ServiceElements {

  private ServiceElements() {}

  static Bytes slotKey(FrontendAddress address, int slot) {
    return ServiceKeys.builder(address).number(slot).build();
  }

  static Bytes value(EndpointAddress endpoint) {
    return new KeyBuilder().address(endpoint.address()).port(endpoint.port()).build();
  }

  /** The node port that a key has at {@code at}, or null if there is none. */
  static @Nullable NodePort nodePort(Bytes key, int at, AddressFamily family) {
    Protocol protocol = ServiceKeys.protocol(key, at);
    return protocol == null ? null : new NodePort(family, protocol, key.u16BeAt(at + 4));
  }

  static EndpointAddress endpoint(Bytes value, AddressFamily family) {
    int at = family.byteLength();
    return new EndpointAddress(IpAddress.of(value.slice(0, at).toArray()), value.u16BeAt(at));
  }
}
