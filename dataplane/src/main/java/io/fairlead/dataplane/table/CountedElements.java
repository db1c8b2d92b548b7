package io.fairlead.dataplane.table;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import java.util.HashMap;
import java.util.Map;

/** Elements of addresses that are there as long as somebody needs them. Not thread-safe. */
public final class CountedElements {

  private final Map<IpAddress, Integer> counts = new HashMap<>();

  /**
   * Changes the number of those who need an address.
   *
   * @param element what it has in {@code set} while the number is positive
   */
  public void count(
      IpAddress address, int difference, NfSet set, SetElement element, ElementSink sink) {
    int before = counts.getOrDefault(address, 0);
    int after = before + difference;
    if (after == 0) {
      counts.remove(address);
    } else {
      counts.put(address, after);
    }
    if (before == 0 && after > 0) {
      sink.add(set, element);
    } else if (before > 0 && after == 0) {
      sink.remove(set, element);
    }
  }
}
