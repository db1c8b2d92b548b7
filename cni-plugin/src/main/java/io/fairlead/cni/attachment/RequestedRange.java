package io.fairlead.cni.attachment;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * Addresses among which a runtime wants an attachment's to be chosen: a range of the "ipRanges"
 * capability.
 *
 * @param first inclusive
 * @param last inclusive; of the same family, and not before {@code first}
 * @param gateway what the runtime says the gateway is, or null if it says nothing
 */
public record RequestedRange(IpAddress first, IpAddress last, @Nullable IpAddress gateway) {

  public RequestedRange {
    if (first.compareTo(last) > 0 || first.family() != last.family()) {
      throw new IllegalArgumentException("the range " + first + " to " + last + " has no address");
    }
    if (gateway != null && gateway.family() != first.family()) {
      throw new IllegalArgumentException(
          "the gateway " + gateway + " is of another family than " + first);
    }
  }

  /** All addresses of a subnet. */
  public static RequestedRange of(Cidr subnet) {
    return new RequestedRange(subnet.network(), last(subnet), null);
  }

  /** The last address of a subnet. */
  public static IpAddress last(Cidr subnet) {
    byte[] bytes = subnet.network().bytes();
    for (int bit = subnet.prefixLength(); bit < bytes.length * 8; bit++) {
      bytes[bit / 8] |= (byte) (0x80 >>> bit % 8);
    }
    return IpAddress.of(bytes);
  }

  public boolean contains(IpAddress address) {
    return address.family() == first.family()
        && address.compareTo(first) >= 0
        && address.compareTo(last) <= 0;
  }

  @Override
  public String toString() {
    return first + "-" + last;
  }
}
