package io.fairlead.agent.subsystem;

import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.loop.SubsystemException;
import io.fairlead.agent.node.HostSettings;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.NodeRecord;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the sysctls of the node as pods need them, in the families that this node's pods have. */
public final class HostSubsystem implements Subsystem {

  private static final Logger LOG = LoggerFactory.getLogger(HostSubsystem.class);

  private final String nodeName;
  private final HostSettings settings;

  public HostSubsystem(String nodeName, HostSettings settings) {
    this.nodeName = nodeName;
    this.settings = settings;
  }

  @Override
  public String name() {
    return "host";
  }

  @Override
  public void apply(ClusterView view, DirtyKeys dirty) throws SubsystemException {
    if (dirty.everything() || dirty.nodes().contains(nodeName)) {
      audit(view);
    }
  }

  @Override
  public void audit(ClusterView view) throws SubsystemException {
    HostSettings.Result result = settings.apply(families(view.node(nodeName)));
    for (String change : result.changed()) {
      LOG.atInfo().addKeyValue("setting", change).log("A kernel setting was changed");
    }
    if (!result.problems().isEmpty()) {
      throw new SubsystemException(
          String.join("; ", result.problems()),
          new DirtyKeys(false, Set.of(), Set.of(nodeName)),
          null);
    }
  }

  private static Set<AddressFamily> families(@Nullable NodeRecord node) {
    Set<AddressFamily> families = EnumSet.noneOf(AddressFamily.class);
    if (node != null) {
      node.podCidrs().forEach(cidr -> families.add(cidr.family()));
    }
    return families;
  }

  @Override
  public boolean reconfigure(AgentConfiguration configuration) {
    return false;
  }

  @Override
  public Map<String, String> status() {
    return Map.of();
  }
}
