package io.fairlead.agent.subsystem.policy;

import io.fairlead.agent.SubsystemFactory;
import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.metrics.PolicyMetrics;
import io.fairlead.cni.PodAdmission;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node needs for policies, put together.
 *
 * @param subsystem to be driven before Services and pods are
 * @param admission what pods have to pass
 */
public record PolicyParts(Subsystem subsystem, PodAdmission admission) {

  private static final Logger LOG = LoggerFactory.getLogger(PolicyParts.class);

  /** Tells who is attached already; asked once, on the reconciling thread. */
  @FunctionalInterface
  public interface Present {
    List<Lease> leases() throws IOException;
  }

  /** For a node that enforces none: removes what an earlier run left, and admits everybody. */
  public static PolicyParts none() {
    return new PolicyParts(new PolicyRemoval(), PodAdmission.EVERYBODY);
  }

  /**
   * Opens sockets in the calling thread's network namespace, which the subsystem closes.
   *
   * @throws IOException if the kernel refuses
   */
  public static PolicyParts open(SubsystemFactory.Context context, Present present)
      throws IOException {
    AgentConfiguration configuration = context.configuration();
    String node = configuration.nodeName();
    ReconcileLoop loop = context.loop();
    Runnable commit =
        () -> loop.markDirty(PolicySubsystem.NAME, new DirtyKeys(false, Set.of(), Set.of(node)));
    Enforcement enforcement = new Enforcement(node, configuration.manifests() != null);
    AdmissionDesk desk = new AdmissionDesk(enforcement, commit);
    PolicyMetrics metrics = new PolicyMetrics(context.registry());
    PolicyFacts facts =
        new PolicyFacts(
            enforcement,
            desk,
            (policy, sentence) ->
                LOG.warn("NetworkPolicy {} is enforced in part only: {}", policy, sentence));
    metrics.counts(facts::counts);
    AtomicReference<PolicySubsystem> subsystem = new AtomicReference<>();
    PolicyTable table =
        PolicyTable.open(
            enforcement,
            PolicySubsystem.settings(List.of()),
            cause ->
                loop.submit(() -> {
                  subsystem.get().disturbed(cause);
                  commit.run();
                }));
    subsystem.set(
        new PolicySubsystem(
            node, enforcement, table, desk, present, _ -> {}, metrics, loop::arrival, facts));
    Admission admission =
        new Admission(
            loop::submit,
            desk,
            _ -> {},
            configuration.policies().timeout(),
            new Admission.Listener() {
              @Override
              public void admitted(Duration waited) {
                metrics.admitted(waited.toNanos() / 1e9);
              }

              @Override
              public void refused() {
                metrics.refused();
              }
            });
    return new PolicyParts(subsystem.get(), admission);
  }
}
