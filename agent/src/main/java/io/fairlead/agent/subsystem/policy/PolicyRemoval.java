package io.fairlead.agent.subsystem.policy;

import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.loop.SubsystemException;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.nftables.policy.NftablesPolicies;
import java.io.IOException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** In place of {@link PolicySubsystem} without policies: removes what an earlier run enforced. */
public final class PolicyRemoval implements Subsystem {

  private static final Logger LOG = LoggerFactory.getLogger(PolicyRemoval.class);

  private boolean done;

  @Override
  public String name() {
    return PolicySubsystem.NAME;
  }

  @Override
  public void apply(ClusterView view, DirtyKeys dirty) throws SubsystemException {
    if (done) {
      return;
    }
    try (NfTablesSocket kernel = NfTablesSocket.open()) {
      if (NftablesPolicies.cleanup(kernel)) {
        LOG.info("NetworkPolicies are not enforced any more: the configuration says so");
      }
      done = true;
    } catch (IOException e) {
      throw new SubsystemException(
          "The table "
              + NftablesPolicies.table()
              + " of an earlier run cannot be removed: "
              + e.getMessage(),
          DirtyKeys.EVERYTHING,
          e);
    }
  }

  @Override
  public void audit(ClusterView view) {}

  @Override
  public boolean reconfigure(AgentConfiguration configuration) {
    return false;
  }

  @Override
  public Map<String, String> status() {
    return Map.of("policies", "not enforced, as network-policies says");
  }
}
