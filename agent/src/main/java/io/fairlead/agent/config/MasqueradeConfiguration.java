package io.fairlead.agent.config;

import io.fairlead.dataplane.model.Cidr;
import java.util.List;

/**
 * What of the pods' traffic to the outside is masqueraded.
 *
 * @param enabled false where the network knows the way back to pods
 * @param exceptions destinations that see pods by their own addresses, disjoint
 * @param randomFully whether source ports are chosen at random
 */
public record MasqueradeConfiguration(boolean enabled, List<Cidr> exceptions, boolean randomFully) {

  public MasqueradeConfiguration {
    exceptions = List.copyOf(exceptions);
  }
}
