package io.fairlead.bench.demo;

import java.util.List;

/** All checks, in the order in which they must run on one cluster. */
public final class Checks {

  private Checks() {}

  public static List<Check> all() {
    return List.of(
        new SameNodeCheck(),
        new VxlanCheck(),
        new OverlaySwitchCheck(),
        new ClusterIpCheck(),
        new HostToClusterIpCheck(),
        new OutsideCheck(),
        new EndpointRemovedCheck(),
        new PolicyCheck(),
        new AgentKilledCheck(),
        new AgentRestartedCheck(),
        new PodsDeletedCheck());
  }
}
