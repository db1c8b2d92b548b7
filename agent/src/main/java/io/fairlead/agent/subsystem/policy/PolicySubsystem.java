package io.fairlead.agent.subsystem.policy;

import io.fairlead.agent.AdminRoutes;
import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.loop.SubsystemException;
import io.fairlead.agent.metrics.PolicyMetrics;
import io.fairlead.agent.server.Route;
import io.fairlead.agent.verify.Simulated;
import io.fairlead.agent.verify.Simulation;
import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.PolicyDirection;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.policy.enforcement.EnforcementChange;
import io.fairlead.nftables.policy.PolicySettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * NetworkPolicies: what the records and the attached pods ask for is in the kernel, and who waits
 * to be let in hears of it. The first commit knows all who are attached already, so that an agent
 * that starts again changes nothing.
 */
public final class PolicySubsystem implements Subsystem, AdminRoutes, Simulated, AutoCloseable {

  /** What the loop knows this subsystem by. */
  public static final String NAME = "policies";

  /** The NFLOG group that denied packets are reported to. */
  public static final int LOG_GROUP = 6610;

  private static final Logger LOG = LoggerFactory.getLogger(PolicySubsystem.class);

  /** Packets per second that the kernel reports at most. */
  private static final int LOG_RATE = 100;

  private final String nodeName;
  private final Function<List<Cidr>, PolicySettings> settings;
  private final Enforcement enforcement;
  private final PolicyBackend backend;
  private final AdmissionDesk desk;
  private final PolicyParts.Present present;
  private final List<EnforcementFollower> followers;
  private final PolicyMetrics metrics;
  private final LongSupplier arrival;
  private final Consumer<List<String>> history;
  private final PolicyFacts facts;
  private final PolicyViews views;
  private final PolicyFeed feed;
  private final List<EnforcementChange> uncommitted = new ArrayList<>();
  private List<Cidr> podNetworks = List.of();
  private List<Cidr> shutIn = List.of();
  private boolean started;

  /** Whether connections may have passed that policies deny, as while the table was away. */
  private boolean wasOpen = true;

  /**
   * When the oldest uncommitted change came, on the clock of System.nanoTime; 0 if there is none.
   */
  private long since;

  /**
   * @param settings what the table depends on, by the networks of this node's pods
   * @param backend which this subsystem closes
   * @param followers told of each change that the kernel enforces now; this subsystem closes them
   * @param arrival when the oldest change of the present round came from the cluster, on the clock
   *     of System.nanoTime
   * @param history takes the operations of each commit
   * @param report takes a policy that the kernel does not take, and why
   * @param loop that drives this subsystem, asked for what reports tell
   */
  PolicySubsystem(
      String nodeName,
      Function<List<Cidr>, PolicySettings> settings,
      Enforcement enforcement,
      PolicyBackend backend,
      AdmissionDesk desk,
      PolicyParts.Present present,
      List<EnforcementFollower> followers,
      PolicyMetrics metrics,
      LongSupplier arrival,
      Consumer<List<String>> history,
      BiConsumer<ObjectKey, String> report,
      ReconcileLoop loop) {
    this.nodeName = nodeName;
    this.settings = settings;
    this.enforcement = enforcement;
    this.backend = backend;
    this.desk = desk;
    this.present = present;
    this.followers = List.copyOf(followers);
    this.metrics = metrics;
    this.arrival = arrival;
    this.history = history;
    this.facts = new PolicyFacts(enforcement, desk, backend::problems, report);
    metrics.counts(facts::counts);
    this.feed = new PolicyFeed(enforcement);
    this.views = new PolicyViews(nodeName, loop, enforcement, backend::problems);
  }

  /** What the table depends on. */
  static PolicySettings settings(List<Cidr> podNetworks, AgentConfiguration configuration) {
    return new PolicySettings(
        podNetworks, LOG_GROUP, LOG_RATE, configuration.bridge(), configuration.tunnel().port());
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void apply(ClusterView view, DirtyKeys dirty) throws SubsystemException {
    start(dirty);
    if (dirty.everything() || dirty.nodes().contains(nodeName)) {
      NodeRecord node = view.node(nodeName);
      // A Node that is gone, or new and without a network yet, must not open what is shut in.
      if (node != null && !node.podCidrs().isEmpty()) {
        podNetworks = node.podCidrs();
      }
      backend.settings(settings.apply(podNetworks));
    }
    feed.feed(view.policyObjects(), dirty);
    take(dirty);
    if (backend.isPending()) {
      commit(backend::commit);
    }
    tellCommitted();
    desk.committed(view.policyObjects());
    facts.refresh();
  }

  private void start(DirtyKeys dirty) throws SubsystemException {
    if (started) {
      return;
    }
    try {
      present.leases().forEach(lease -> desk.attach(Admission.attachment(lease)));
      started = true;
    } catch (IOException e) {
      throw new SubsystemException(
          "The pods that are attached cannot be told: " + e.getMessage(), dirty, e);
    }
  }

  private void take(DirtyKeys dirty) {
    EnforcementChange change = enforcement.take();
    if (change.isEmpty()) {
      return;
    }
    backend.update(change);
    uncommitted.add(change);
    boolean fromCluster =
        dirty.everything()
            || !dirty.pods().isEmpty()
            || !dirty.namespaces().isEmpty()
            || !dirty.networkPolicies().isEmpty();
    if (fromCluster && since == 0) {
      since = arrival.getAsLong();
    }
  }

  private interface Step {
    List<String> take() throws IOException;
  }

  private List<String> commit(Step step) throws SubsystemException {
    try {
      List<String> operations = step.take();
      history.accept(operations);
      if (!operations.isEmpty()) {
        metrics.committed();
      }
      if (LOG.isDebugEnabled()) {
        operations.forEach(operation ->
            LOG.atDebug().addKeyValue("operation", operation).log("The kernel was changed"));
      }
      return operations;
    } catch (IOException e) {
      metrics.commitFailed();
      String sentence = String.valueOf(e.getMessage());
      desk.failed(sentence);
      facts.refresh();
      throw failure(sentence, e);
    }
  }

  private void tellCommitted() {
    if (since != 0) {
      metrics.programmed((System.nanoTime() - since) / 1e9);
      since = 0;
    }
    if (wasOpen) {
      wasOpen = false;
      uncommitted.add(
          new EnforcementChange(
              Set.of(),
              Set.of(),
              Map.of(),
              Map.of(),
              Set.copyOf(enforcement.addresses()),
              Set.of()));
    }
    uncommitted.forEach(change -> followers.forEach(follower -> follower.enforced(change)));
    uncommitted.clear();
    if (!shutIn.equals(podNetworks)) {
      shutIn = podNetworks;
      Set<IpAddress> held = new HashSet<>(desk.addresses());
      held.addAll(enforcement.addresses()); // Also of pods that only the API server knows of.
      followers.forEach(follower -> follower.shutIn(shutIn, held));
    }
  }

  /** Everything stays in what is wanted, so that any key brings about another commit. */
  private SubsystemException failure(String sentence, IOException cause) {
    return new SubsystemException(
        sentence, new DirtyKeys(false, Set.of(), Set.of(nodeName)), cause);
  }

  @Override
  public void audit(ClusterView view) throws SubsystemException {
    if (started && !commit(backend::audit).isEmpty()) {
      LOG.warn("The table of policies was not as it should be, and was repaired");
      wasOpen = true;
      tellCommitted();
      desk.committed(view.policyObjects());
    }
  }

  /**
   * What judges a pod's packets in the kernel now. On the reconciling thread.
   *
   * @param policy only this one's chain; null for all that isolate the pod
   * @param peer whose membership in the sets of these policies is looked at; null for nobody's
   * @throws IOException if the kernel cannot be read
   */
  public List<KernelObject> evidence(
      IpAddress pod,
      PolicyDirection direction,
      @Nullable ObjectKey policy,
      @Nullable IpAddress peer)
      throws IOException {
    return backend.evidence(pod, direction, policy, peer);
  }

  @Override
  public Comparison verify(ClusterView view) throws IOException {
    if (!started) {
      throw new IOException("the pods that are attached are not known yet");
    }
    return backend.compare(enforcement, settings.apply(podNetworks));
  }

  @Override
  public Simulation simulate(ClusterView then) throws IOException {
    NodeRecord node = then.node(nodeName);
    List<Cidr> networks = node == null || node.podCidrs().isEmpty() ? podNetworks : node.podCidrs();
    return PolicySimulation.of(
        enforcement, desk.attached(), then.policyObjects(), settings.apply(networks), backend);
  }

  /** Somebody else changed the table. On the reconciling thread; a commit has to follow. */
  void disturbed(String cause) {
    LOG.atWarn().addKeyValue("cause", cause).log("The table of policies was changed by others");
    wasOpen = true;
  }

  @Override
  public boolean reconfigure(AgentConfiguration configuration) {
    return false;
  }

  @Override
  public Map<String, String> status() {
    return facts.facts();
  }

  @Override
  public Map<String, Route> adminRoutes() {
    return views.routes();
  }

  @Override
  public void close() {
    backend.close();
    followers.forEach(EnforcementFollower::close);
  }
}
