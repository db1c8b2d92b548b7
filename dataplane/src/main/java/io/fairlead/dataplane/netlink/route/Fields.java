package io.fairlead.dataplane.netlink.route;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import org.jspecify.annotations.Nullable;

/** What several decoders read alike, and refuse alike. */
final class Fields {

  private Fields() {}

  /** The family of that number, or null for one that is not of the Internet. */
  static @Nullable AddressFamily family(int number) {
    for (AddressFamily family : AddressFamily.values()) {
      if (family.number() == number) {
        return family;
      }
    }
    return null;
  }

  /** A MAC address, or null if the link-layer address is of another kind. */
  static @Nullable MacAddress mac(AttributeReader attribute) {
    return attribute.length() == 6 ? MacAddress.of(attribute.bytes()) : null;
  }

  /** The prefix of {@code address}; all of the family's addresses if that is null. */
  static Cidr cidr(AddressFamily family, @Nullable IpAddress address, int prefixLength)
      throws MalformedMessageException {
    IpAddress network = address == null ? IpAddress.of(new byte[family.byteLength()]) : address;
    requireFamily(family, network);
    requirePrefixLength(family, prefixLength);
    return new Cidr(network, prefixLength);
  }

  static void requirePrefixLength(AddressFamily family, int prefixLength)
      throws MalformedMessageException {
    if (prefixLength > family.bitLength()) {
      throw new MalformedMessageException(
          "/" + prefixLength + " is not a prefix length of " + family.kubernetesName());
    }
  }

  static void requireFamily(AddressFamily family, IpAddress address)
      throws MalformedMessageException {
    if (address.family() != family) {
      throw new MalformedMessageException(
          address + " stands where an address of " + family.kubernetesName() + " belongs");
    }
  }
}
