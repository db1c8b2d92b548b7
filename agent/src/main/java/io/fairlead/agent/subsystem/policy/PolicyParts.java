package io.fairlead.agent.subsystem.policy;

import io.fairlead.agent.SubsystemFactory;
import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.OnLoop;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.metrics.PolicyCounterMetrics;
import io.fairlead.agent.metrics.PolicyMetrics;
import io.fairlead.agent.source.ClusterSource;
import io.fairlead.agent.source.ObjectReference;
import io.fairlead.agent.subsystem.policy.flow.FlowSubsystem;
import io.fairlead.agent.subsystem.policy.flow.FlowWatch;
import io.fairlead.agent.why.PartsOfKernel;
import io.fairlead.cni.PodAdmission;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a node needs for policies, put together.
 *
 * @param subsystems to be driven in this order, before Services and pods are
 * @param admission what pods have to pass
 * @param enforcement owned by the reconciling thread; null if nothing is enforced
 * @param flows null likewise
 * @param evidence what the kernel holds of it
 */
public record PolicyParts(
    List<Subsystem> subsystems,
    PodAdmission admission,
    @Nullable Enforcement enforcement,
    @Nullable FlowWatch flows,
    PartsOfKernel.OfPolicies evidence) {

  private static final Logger LOG = LoggerFactory.getLogger(PolicyParts.class);

  /** Tells who is attached already; asked once, on the reconciling thread. */
  @FunctionalInterface
  public interface Present {
    List<Lease> leases() throws IOException;
  }

  /** For a node that enforces none: removes what an earlier run left, and admits everybody. */
  public static PolicyParts none() {
    return new PolicyParts(
        List.of(new PolicyRemoval()),
        PodAdmission.EVERYBODY,
        null,
        null,
        (_, _, _, _) -> List.of());
  }

  /**
   * Opens sockets in the calling thread's network namespace, which the subsystem closes.
   *
   * @param isolation told whose egress policies judge
   * @throws IOException if the kernel refuses
   */
  public static PolicyParts open(
      SubsystemFactory.Context context, Present present, EgressIsolation isolation)
      throws IOException {
    AgentConfiguration configuration = context.configuration();
    ReconcileLoop loop = context.loop();
    AtomicReference<PolicySubsystem> subsystem = new AtomicReference<>();
    Enforcement enforcement =
        new Enforcement(configuration.nodeName(), context.source().hasAllPods());
    PolicyMetrics metrics = new PolicyMetrics(context.registry());
    PolicyTable table =
        PolicyTable.open(
            enforcement,
            PolicySubsystem.settings(List.of(), configuration),
            cause ->
                loop.submit(() -> {
                  subsystem.get().disturbed(cause);
                  loop.because("the table of policies was changed by others: " + cause);
                  loop.markDirty(PolicySubsystem.NAME, commit(configuration));
                }));
    try {
      PolicyConnections connections =
          PolicyConnections.open(enforcement, new OnLoop(loop::submit), table, metrics);
      List<EnforcementFollower> followers =
          List.of(connections, new EgressFollower(enforcement, isolation));
      return open(context, present, enforcement, metrics, connections, table, followers, subsystem);
    } catch (IOException e) {
      table.close();
      throw e;
    }
  }

  /** What brings about a commit. */
  private static DirtyKeys commit(AgentConfiguration configuration) {
    return new DirtyKeys(false, Set.of(), Set.of(configuration.nodeName()));
  }

  private static PolicyParts open(
      SubsystemFactory.Context context,
      Present present,
      Enforcement enforcement,
      PolicyMetrics metrics,
      PolicyConnections connections,
      PolicyTable table,
      List<EnforcementFollower> followers,
      AtomicReference<PolicySubsystem> subsystem) {
    AgentConfiguration configuration = context.configuration();
    ReconcileLoop loop = context.loop();
    Runnable commit = () -> loop.markDirty(PolicySubsystem.NAME, commit(configuration));
    AdmissionDesk desk = new AdmissionDesk(enforcement, connections, commit);
    subsystem.set(
        new PolicySubsystem(
            configuration.nodeName(),
            podNetworks -> PolicySubsystem.settings(podNetworks, configuration),
            enforcement,
            table,
            desk,
            present,
            followers,
            metrics,
            loop::arrival,
            operations -> loop.did(PolicySubsystem.NAME, operations),
            (policy, sentence) -> report(context.source(), policy, sentence),
            loop));
    OnLoop reading = new OnLoop(loop::submit);
    PolicyCounterMetrics.register(context.registry(), () -> reading.await(table::counters));
    FlowWatch flows =
        new FlowWatch(PolicySubsystem.LOG_GROUP, enforcement, loop::submit, context.registry());
    return new PolicyParts(
        List.of(subsystem.get(), new FlowSubsystem(flows)),
        new Admission(
            loop::submit, desk, connections, configuration.policies().timeout(), listener(metrics)),
        enforcement,
        flows,
        subsystem.get()::evidence);
  }

  private static void report(ClusterSource source, ObjectKey policy, String sentence) {
    LOG.warn("NetworkPolicy {} allows nothing until this is mended: {}", policy, sentence);
    source.report(ObjectReference.networkPolicy(policy), "NotEnforced", sentence);
  }

  private static Admission.Listener listener(PolicyMetrics metrics) {
    return new Admission.Listener() {
      @Override
      public void admitted(Duration waited) {
        metrics.admitted(waited.toNanos() / 1e9);
      }

      @Override
      public void refused() {
        metrics.refused();
      }
    };
  }
}
