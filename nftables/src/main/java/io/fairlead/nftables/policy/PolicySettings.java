package io.fairlead.nftables.policy;

import io.fairlead.dataplane.model.Cidr;
import java.util.List;

/**
 * What the table depends on besides policies.
 *
 * @param podNetworks where this node's pods have their addresses: whoever is not let in there is
 *     denied
 * @param logGroup the NFLOG group that denied packets are reported to, 0 to 65535
 * @param logRate packets per second that are reported at most, at least 1; of each direction, and
 *     apart from them those of pods that are not let in
 * @param bridge the name of the interface through which pods' packets come in: there link-local
 *     addresses, of which policies know nothing, are for neighbour discovery only
 * @param tunnelPort the UDP port of the packets in which the node carries those of pods, if their
 *     connections are not tracked; 0 for none
 */
public record PolicySettings(
    List<Cidr> podNetworks, int logGroup, int logRate, String bridge, int tunnelPort) {

  private static final String DEFAULT_BRIDGE = "fairlead0";

  public PolicySettings {
    podNetworks = List.copyOf(podNetworks);
  }

  /** Without a tunnel. */
  public PolicySettings(List<Cidr> podNetworks, int logGroup, int logRate, String bridge) {
    this(podNetworks, logGroup, logRate, bridge, 0);
  }

  /** With the bridge that pods are attached to unless it is configured otherwise. */
  public PolicySettings(List<Cidr> podNetworks, int logGroup, int logRate) {
    this(podNetworks, logGroup, logRate, DEFAULT_BRIDGE);
  }
}
