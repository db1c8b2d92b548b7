package io.fairlead.nftables;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.KeyBuilder;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.service.VirtualAddress;
import org.jspecify.annotations.Nullable;

/** Frontends and endpoints as keys and values of elements, and back. */
final class ServiceElements {

  private ServiceElements() {}

  private static KeyBuilder builder(FrontendAddress address) {
    KeyBuilder key = new KeyBuilder();
    if (address instanceof VirtualAddress virtual) {
      key.address(virtual.address());
    }
    return key.protocol(address.protocol().number()).port(address.port());
  }

  static Bytes key(FrontendAddress address) {
    return builder(address).build();
  }

  static Bytes slotKey(FrontendAddress address, int slot) {
    return builder(address).number(slot).build();
  }

  static Bytes value(EndpointAddress endpoint) {
    return new KeyBuilder().address(endpoint.address()).port(endpoint.port()).build();
  }

  static SetElement hairpin(IpAddress address) {
    return SetElement.of(new KeyBuilder().address(address).address(address).build());
  }

  static SetElement address(IpAddress address) {
    return SetElement.of(Bytes.of(address));
  }

  /** The clients in a network, at a virtual address. */
  static SetElement allowed(FrontendAddress address, Cidr clients) {
    SetElement range = SetElement.of(clients);
    return SetElement.range(
        builder(address).address(IpAddress.of(range.key().toArray())).build(),
        builder(address).address(IpAddress.of(range.last().toArray())).build());
  }

  /** The virtual address that a key has at {@code at}, or null if there is none. */
  static @Nullable VirtualAddress virtualAddress(Bytes key, int at, AddressFamily family) {
    int behind = at + family.byteLength();
    Protocol protocol = protocol(key.at(behind));
    if (protocol == null) {
      return null;
    }
    IpAddress address = IpAddress.of(key.slice(at, family.byteLength()).toArray());
    return new VirtualAddress(address, protocol, key.u16BeAt(behind + 4));
  }

  /** The node port that a key has at {@code at}, or null if there is none. */
  static @Nullable NodePort nodePort(Bytes key, int at, AddressFamily family) {
    Protocol protocol = protocol(key.at(at));
    return protocol == null ? null : new NodePort(family, protocol, key.u16BeAt(at + 4));
  }

  static EndpointAddress endpoint(Bytes value, AddressFamily family) {
    int at = family.byteLength();
    return new EndpointAddress(IpAddress.of(value.slice(0, at).toArray()), value.u16BeAt(at));
  }

  private static @Nullable Protocol protocol(int number) {
    for (Protocol protocol : Protocol.values()) {
      if (protocol.number() == number) {
        return protocol;
      }
    }
    return null;
  }
}
