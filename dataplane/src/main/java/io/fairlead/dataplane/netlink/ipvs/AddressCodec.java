package io.fairlead.dataplane.netlink.ipvs;

import static io.fairlead.dataplane.netlink.ipvs.IpvsConstants.ADDRESS_LENGTH;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MalformedMessageException;
import io.fairlead.dataplane.netlink.MessageWriter;
import java.util.Arrays;

/** Addresses as IPVS has them: always 16 bytes, the family apart. */
final class AddressCodec {

  private AddressCodec() {}

  static void write(MessageWriter writer, int type, IpAddress address) {
    int attribute = writer.beginAttribute(type);
    writer.address(address).zeros(ADDRESS_LENGTH - address.family().byteLength());
    writer.endAttribute(attribute);
  }

  /** The 16 bytes, for {@link #address} once the family is known. */
  static byte[] read(AttributeReader attribute) throws MalformedMessageException {
    if (attribute.length() != ADDRESS_LENGTH) {
      throw new MalformedMessageException(
          "IPVS sent an address of " + attribute.length() + " bytes where 16 belong");
    }
    return attribute.bytes();
  }

  static IpAddress address(AddressFamily family, byte[] bytes) {
    return IpAddress.of(
        family == AddressFamily.IPV6 ? bytes : Arrays.copyOf(bytes, family.byteLength()));
  }

  static AddressFamily family(int number) throws MalformedMessageException {
    for (AddressFamily family : AddressFamily.values()) {
      if (family.number() == number) {
        return family;
      }
    }
    throw new MalformedMessageException("IPVS sent an address of the unknown family " + number);
  }
}
