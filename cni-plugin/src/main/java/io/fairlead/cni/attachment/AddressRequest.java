package io.fairlead.cni.attachment;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import java.util.List;
import java.util.Map;

/**
 * Which addresses a runtime asks for.
 *
 * @param addresses these, at most one per family; a family without one gets the next that is free
 * @param ranges where the address of a family has to be chosen, in order of preference; a family
 *     without an entry is not restricted
 */
public record AddressRequest(
    List<IpAddress> addresses, Map<AddressFamily, List<RequestedRange>> ranges) {

  /** The next address of each family. */
  public static final AddressRequest ANY = of(List.of());

  public AddressRequest {
    addresses = List.copyOf(addresses);
    ranges = Map.copyOf(ranges);
  }

  public static AddressRequest of(List<IpAddress> addresses) {
    return new AddressRequest(addresses, Map.of());
  }
}
