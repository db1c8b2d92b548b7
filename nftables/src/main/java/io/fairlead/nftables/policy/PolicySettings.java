package io.fairlead.nftables.policy;

import io.fairlead.dataplane.model.Cidr;
import java.util.List;

/**
 * What the table depends on besides policies.
 *
 * @param podNetworks where this node's pods have their addresses: whoever is not let in there is
 *     denied
 * @param logGroup the NFLOG group that denied packets are reported to, 0 to 65535
 * @param logRate packets per second that are reported at most, at least 1
 */
public record PolicySettings(List<Cidr> podNetworks, int logGroup, int logRate) {
  public PolicySettings {
    podNetworks = List.copyOf(podNetworks);
  }
}
