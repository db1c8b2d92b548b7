package io.fairlead.dataplane.table;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.KeyBuilder;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.VirtualAddress;
import org.jspecify.annotations.Nullable;

/**
 * Addresses of Services as keys of elements, and back. A virtual address is its address, the
 * protocol's number and the port; a node port only the latter two.
 */
public final class ServiceKeys {

  private ServiceKeys() {}

  /** A key that begins with a frontend. */
  public static KeyBuilder builder(FrontendAddress address) {
    KeyBuilder key = new KeyBuilder();
    if (address instanceof VirtualAddress virtual) {
      key.address(virtual.address());
    }
    return key.protocol(address.protocol().number()).port(address.port());
  }

  /** A frontend. */
  public static Bytes key(FrontendAddress address) {
    return builder(address).build();
  }

  /** An endpoint that is sent to itself: its address twice. */
  public static SetElement hairpin(IpAddress address) {
    return SetElement.of(new KeyBuilder().address(address).address(address).build());
  }

  /** An address alone. */
  public static SetElement address(IpAddress address) {
    return SetElement.of(Bytes.of(address));
  }

  /** The clients in a network, at a frontend. */
  public static SetElement allowed(FrontendAddress address, Cidr clients) {
    SetElement range = SetElement.of(clients);
    return SetElement.range(
        builder(address).address(IpAddress.of(range.key().toArray())).build(),
        builder(address).address(IpAddress.of(range.last().toArray())).build());
  }

  /** The virtual address that a key has at {@code at}, or null if there is none. */
  public static @Nullable VirtualAddress virtualAddress(Bytes key, int at, AddressFamily family) {
    int behind = at + family.byteLength();
    Protocol protocol = protocol(key, behind);
    if (protocol == null) {
      return null;
    }
    IpAddress address = IpAddress.of(key.slice(at, family.byteLength()).toArray());
    return new VirtualAddress(address, protocol, key.u16BeAt(behind + 4));
  }

  /** The protocol whose number a key has at {@code at}, or null if Services have no such. */
  public static @Nullable Protocol protocol(Bytes key, int at) {
    int number = key.at(at);
    for (Protocol protocol : Protocol.values()) {
      if (protocol.number() == number) {
        return protocol;
      }
    }
    return null;
  }
}
