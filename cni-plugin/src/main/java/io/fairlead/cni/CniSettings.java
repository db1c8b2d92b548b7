package io.fairlead.cni;

import io.fairlead.cni.attach.BridgeSettings;
import io.fairlead.dataplane.model.Cidr;
import java.util.List;

/**
 * What may change while the agent runs.
 *
 * @param podCidrs of this node, in order of preference; empty until the cluster assigns them
 */
public record CniSettings(List<Cidr> podCidrs, BridgeSettings bridge) {

  public CniSettings {
    podCidrs = List.copyOf(podCidrs);
  }
}
