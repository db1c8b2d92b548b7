package io.fairlead.agent.subsystem.pod;

import io.fairlead.agent.SubsystemFactory;
import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.loop.SubsystemException;
import io.fairlead.agent.metrics.PortGuardMetrics;
import io.fairlead.agent.subsystem.policy.EgressIsolation;
import io.fairlead.agent.verify.Verifiable;
import io.fairlead.cni.AttachmentRules;
import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.table.TableWatch;
import io.fairlead.nftables.guard.PortGuard;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps pods from sending as somebody else: tells the guard of their ports where pods have their
 * addresses, and repairs its table when somebody else touched it. The ports themselves come and go
 * by {@link #rules}. On a kernel that cannot do it, the agent says so and goes on.
 */
public final class PortGuardSubsystem implements Subsystem, Verifiable, AutoCloseable {

  /** What the loop knows this subsystem by. */
  private static final String NAME = "guard";

  private static final Logger LOG = LoggerFactory.getLogger(PortGuardSubsystem.class);

  private final ReconcileLoop loop;
  private final NfTablesSocket kernel;
  private final PortGuard guard;
  private final TableWatch watch;
  private final String nodeName;
  private List<Cidr> clusterCidrs;
  private String trouble = "";

  private PortGuardSubsystem(
      ReconcileLoop loop,
      NfTablesSocket kernel,
      PortGuard guard,
      TableWatch watch,
      AgentConfiguration configuration) {
    this.loop = loop;
    this.kernel = kernel;
    this.guard = guard;
    this.watch = watch;
    this.nodeName = configuration.nodeName();
    this.clusterCidrs = configuration.clusterCidrs();
  }

  /**
   * Opens its sockets in the calling thread's network namespace; touches nothing.
   *
   * @throws IOException naming what the kernel or the process lacks
   */
  public static PortGuardSubsystem open(SubsystemFactory.Context context) throws IOException {
    NfTablesSocket kernel = NfTablesSocket.open();
    try {
      PortGuard guard = new PortGuard(kernel);
      DirtyKeys node = new DirtyKeys(false, Set.of(), Set.of(context.configuration().nodeName()));
      TableWatch watch =
          TableWatch.start(
              kernel,
              PortGuard.table(),
              guard::distrust,
              cause -> {
                LOG.atWarn()
                    .addKeyValue("cause", cause)
                    .log("The table that guards ports was changed by others");
                context
                    .loop()
                    .submit(() ->
                        context
                            .loop()
                            .because(
                                "the table that guards ports was changed by others: " + cause));
                context.loop().markDirty(NAME, node);
              });
      PortGuardMetrics.register(context.registry(), guard::dropped);
      return new PortGuardSubsystem(context.loop(), kernel, guard, watch, context.configuration());
    } catch (IOException e) {
      kernel.close();
      throw e;
    }
  }

  /** What attachments go through. */
  public AttachmentRules rules() {
    return new PortGuardRules(guard);
  }

  /** Takes what policies isolate: whose egress they judge sends in its own name only. */
  public EgressIsolation isolation() {
    return this::confine;
  }

  private void confine(Set<IpAddress> isolated, Set<IpAddress> free) {
    try {
      guard.confine(isolated, free);
    } catch (IOException e) {
      LOG.warn(
          "Pods that egress policies select may send from foreign addresses until this is mended:"
              + " {}",
          e.getMessage());
    }
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void apply(ClusterView view, DirtyKeys dirty) throws SubsystemException {
    try {
      if (dirty.everything() || !dirty.nodes().isEmpty()) {
        guard.networks(networks(view));
      }
      told(guard.commit());
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private List<Cidr> networks(ClusterView view) {
    Set<Cidr> networks = new TreeSet<>(clusterCidrs);
    for (NodeRecord node : view.nodes()) {
      networks.addAll(node.podCidrs());
    }
    return List.copyOf(networks);
  }

  @Override
  public void audit(ClusterView view) throws SubsystemException {
    try {
      told(guard.audit());
    } catch (IOException e) {
      throw failure(e);
    }
  }

  @Override
  public Comparison verify(ClusterView view) throws IOException {
    return guard.compare();
  }

  private void told(List<String> operations) {
    loop.did(NAME, operations);
    for (String operation : operations) {
      LOG.atInfo().addKeyValue("operation", operation).log("The guard of ports was repaired");
    }
    String now = guard.trouble().orElse("");
    if (!now.equals(trouble)) {
      trouble = now;
      LOG.warn("Ports of pods are not guarded: {}", now);
    }
  }

  private SubsystemException failure(IOException cause) {
    return new SubsystemException(
        "Ports of pods cannot be guarded: " + cause.getMessage(),
        new DirtyKeys(false, Set.of(), Set.of(nodeName)),
        cause);
  }

  @Override
  public boolean reconfigure(AgentConfiguration configuration) {
    boolean concerned = !clusterCidrs.equals(configuration.clusterCidrs());
    clusterCidrs = configuration.clusterCidrs();
    return concerned;
  }

  @Override
  public Map<String, String> status() {
    return trouble.isEmpty() ? Map.of() : Map.of("problem", trouble);
  }

  @Override
  public void close() {
    watch.close();
    kernel.close();
  }
}
