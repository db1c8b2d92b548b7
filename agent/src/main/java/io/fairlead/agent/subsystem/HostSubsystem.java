package io.fairlead.agent.subsystem;

import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.config.ProxyMode;
import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.loop.SubsystemException;
import io.fairlead.agent.node.HostSettings;
import io.fairlead.agent.node.SettingsWatch;
import io.fairlead.agent.verify.Verifiable;
import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.Difference;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.NodeRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the sysctls of the node as pods need them, in the families that this node's pods have, and
 * as IPVS needs them in its mode, also when somebody else changes them. None is taken back: others
 * may rely on it by now.
 */
public final class HostSubsystem implements Subsystem, Verifiable, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HostSubsystem.class);

  private final HostSettings settings;
  private final BooleanSupplier ipvsModule;
  private final ReconcileLoop loop;
  private final SettingsWatch watch;
  private AgentConfiguration configuration;
  private boolean ipvs;

  /**
   * A subsystem that watches the settings in the calling thread's network namespace.
   *
   * @param ipvsModule has the kernel load IPVS, and returns whether it is there; asked in its mode
   *     only. That it is not there is told by those who need it
   * @throws IOException if the kernel's events cannot be followed
   */
  public HostSubsystem(
      AgentConfiguration configuration,
      HostSettings settings,
      BooleanSupplier ipvsModule,
      ReconcileLoop loop)
      throws IOException {
    this.configuration = configuration;
    this.settings = settings;
    this.ipvsModule = ipvsModule;
    this.loop = loop;
    this.watch = SettingsWatch.start(settings, () -> loop.markDirty(name(), DirtyKeys.EVERYTHING));
  }

  @Override
  public String name() {
    return "host";
  }

  @Override
  public void apply(ClusterView view, DirtyKeys dirty) throws SubsystemException {
    if (dirty.everything() || dirty.nodes().contains(configuration.nodeName())) {
      audit(view);
    }
  }

  @Override
  public void audit(ClusterView view) throws SubsystemException {
    List<String> problems = new ArrayList<>();
    take(settings.apply(families(view.node(configuration.nodeName()))), problems);
    ipvs = configuration.proxyMode() == ProxyMode.IPVS && ipvsModule.getAsBoolean();
    if (ipvs) {
      take(settings.applyIpvs(configuration.services().ipvs().strictArp()), problems);
    }
    if (!problems.isEmpty()) {
      throw new SubsystemException(
          String.join("; ", problems),
          new DirtyKeys(false, Set.of(), Set.of(configuration.nodeName())),
          null);
    }
  }

  @Override
  public Comparison verify(ClusterView view) {
    Comparison.Builder result = new Comparison.Builder();
    HostSettings observed = settings.observed(result);
    List<String> missing =
        new ArrayList<>(observed.apply(families(view.node(configuration.nodeName()))).problems());
    if (ipvs) {
      missing.addAll(observed.applyIpvs(configuration.services().ipvs().strictArp()).problems());
    }
    missing.forEach(sentence -> result.add(Difference.missing("settings", sentence)));
    return result.build();
  }

  private void take(HostSettings.Result result, List<String> problems) {
    loop.did(name(), result.changed());
    for (String change : result.changed()) {
      LOG.atInfo().addKeyValue("setting", change).log("A kernel setting was changed");
    }
    problems.addAll(result.problems());
  }

  private static Set<AddressFamily> families(@Nullable NodeRecord node) {
    Set<AddressFamily> families = EnumSet.noneOf(AddressFamily.class);
    if (node != null) {
      node.podCidrs().forEach(cidr -> families.add(cidr.family()));
    }
    return families;
  }

  @Override
  public boolean reconfigure(AgentConfiguration next) {
    boolean concerned = configuration.proxyMode() != next.proxyMode();
    configuration = next;
    return concerned;
  }

  @Override
  public Map<String, String> status() {
    return Map.of();
  }

  @Override
  public void close() {
    watch.close();
  }
}
