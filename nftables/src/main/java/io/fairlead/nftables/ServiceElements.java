package io.fairlead.nftables;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.nftables.KeyBuilder;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.VirtualAddress;
import org.jspecify.annotations.Nullable;

/** Virtual addresses and endpoints as elements, and back. */
final class ServiceElements {

  private ServiceElements() {}

  private static KeyBuilder key(VirtualAddress address) {
    return new KeyBuilder()
        .address(address.address())
        .protocol(address.protocol().number())
        .port(address.port());
  }

  static SetElement service(VirtualAddress address, int endpoints) {
    return SetElement.of(key(address).build(), Verdict.goTo(EndpointChain.name(endpoints)));
  }

  static SetElement refused(VirtualAddress address) {
    return SetElement.of(key(address).build());
  }

  static SetElement endpoint(VirtualAddress address, int slot, EndpointAddress endpoint) {
    return SetElement.of(
        key(address).number(slot).build(),
        new KeyBuilder().address(endpoint.address()).port(endpoint.port()).build());
  }

  static SetElement hairpin(IpAddress address) {
    return SetElement.of(new KeyBuilder().address(address).address(address).build());
  }

  /** The virtual address that a key begins with, or null if it is none. */
  static @Nullable VirtualAddress virtualAddress(Bytes key, AddressFamily family) {
    int at = family.byteLength();
    Protocol protocol = protocol(key.at(at));
    if (protocol == null) {
      return null;
    }
    return new VirtualAddress(
        IpAddress.of(key.slice(0, at).toArray()), protocol, key.u16BeAt(at + 4));
  }

  /** The slot at the end of an endpoint's key. */
  static int slot(Bytes key) {
    return key.u32At(key.length() - 4);
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
