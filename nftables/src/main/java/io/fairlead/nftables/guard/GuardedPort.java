package io.fairlead.nftables.guard;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.MacAddress;
import java.util.List;

/**
 * A port of a bridge, and what may come in there.
 *
 * @param link the exact name of the interface, at most 15 bytes; it need not exist yet
 * @param owner whose port it is, for those who have several: each of an owner's ports takes the
 *     addresses of all of them, since a host may answer for any of its addresses anywhere
 * @param mac the address of the interface at the other end
 * @param checksMac whether frames from other link-layer addresses are dropped
 * @param addresses those of the interface at the other end
 */
public record GuardedPort(
    String link, String owner, MacAddress mac, boolean checksMac, List<IpAddress> addresses) {

  public GuardedPort {
    addresses = List.copyOf(addresses);
  }
}
