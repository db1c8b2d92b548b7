package io.fairlead.agent.subsystem.service;

import io.fairlead.agent.AdminRoutes;
import io.fairlead.agent.EndpointReport;
import io.fairlead.agent.SubsystemFactory;
import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.config.ProxyMode;
import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.loop.SubsystemException;
import io.fairlead.agent.metrics.EndpointTraffic;
import io.fairlead.agent.metrics.ServiceMetrics;
import io.fairlead.agent.server.Route;
import io.fairlead.agent.source.ObjectReference;
import io.fairlead.agent.verify.Simulated;
import io.fairlead.agent.verify.Simulation;
import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceChange;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Services, in the backend of the proxy mode, and the node's nf_tables table that every mode needs.
 */
public final class ServiceSubsystem
    implements Subsystem, Simulated, EndpointReport, AdminRoutes, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ServiceSubsystem.class);

  private final ReconcileLoop loop;
  private final AddressClaims claims = new AddressClaims();
  private final UncommittedChanges uncommitted = new UncommittedChanges();
  private final ConflictReport conflicts;
  private final List<ServiceFollower> followers;
  private final Confirmations confirmations;
  private final NftablesTable table;
  private final IpvsOpener ipvs;
  private final ServiceBackends backends;
  private final ServiceMetrics metrics;
  private final TrafficFollower traffic;
  private final ServiceViews views;

  /** Written by the reconciling thread, read by those of metrics and conntrack, too. */
  private volatile AgentConfiguration configuration;

  private volatile ServiceInputs inputs;

  /** The mode whose rules serve Services; written by the reconciling thread. */
  private volatile ProxyMode serving;

  /** The modes that serve no more, but have connections; written by the reconciling thread. */
  private volatile Set<ProxyMode> retiring = Set.of();

  /**
   * Whether flows may have begun that the rules did not translate, as somebody else changed them.
   * At the start, too: what became of the rules while no agent ran is not known. The reconciling
   * thread's.
   */
  private boolean disturbed = true;

  private ServiceSubsystem(SubsystemFactory.Context context) throws IOException {
    this.configuration = context.configuration();
    this.loop = context.loop();
    this.inputs = ServiceInputs.of(configuration, null);
    this.metrics = new ServiceMetrics(context.registry());
    this.conflicts =
        new ConflictReport(conflict -> {
          LOG.warn("{}", conflict);
          context
              .source()
              .report(
                  ObjectReference.service(conflict.refused()),
                  "AddressConflict",
                  conflict.toString());
        });
    this.table =
        NftablesTable.open(claims, inputs, disturbance -> loop.submit(() -> repair(disturbance)));
    this.ipvs =
        new IpvsOpener(
            configuration.services().ipvs().settings(),
            claims,
            (service, sentence) -> {
              LOG.warn("{}", sentence);
              if (service != null) {
                context.source().report(ObjectReference.service(service), "IpvsNotice", sentence);
              }
            },
            () -> loop.submit(this::repair),
            disturbance -> loop.submit(() -> repair(disturbance)));
    this.backends =
        new ServiceBackends(
            table,
            Map.of(
                ProxyMode.IPTABLES,
                new IptablesOpener(
                    configuration.services().iptablesVariant(),
                    claims,
                    () -> loop.submit(this::repair),
                    () -> loop.submit(this::look)),
                ProxyMode.IPVS,
                ipvs),
            inputs.settings(),
            configuration.proxyMode(),
            problem -> LOG.warn("What an earlier run left may still be there: {}", problem),
            () -> loop.submit(this::repair));
    this.serving = backends.serving();
    this.traffic = TrafficFollower.open(claims, () -> serving, ipvs::portOfMark);
    this.views =
        new ServiceViews(loop, claims, () -> inputs, () -> serving, traffic, context.source());
    this.followers =
        ServiceFollowers.open(
            context,
            claims,
            metrics,
            () -> inputs.settings(),
            () -> inputs.network().clusterPods(),
            traffic);
    this.confirmations =
        new Confirmations(
            backends::whenInKernel,
            loop::submit,
            (changes, view) -> followers.forEach(follower -> follower.committed(changes, view)));
  }

  /**
   * Opens its sockets in the calling thread's network namespace.
   *
   * @throws IOException if the kernel refuses
   */
  public static ServiceSubsystem open(SubsystemFactory.Context context) throws IOException {
    return new ServiceSubsystem(context);
  }

  /** Who has which address of a Service: a view, for the reconciling thread. */
  public AddressClaims claims() {
    return claims;
  }

  /** What the meaning of Services on this node depends on now. */
  public ServiceNode node() {
    return inputs.node();
  }

  @Override
  public String name() {
    return "services";
  }

  @Override
  public void apply(ClusterView view, DirtyKeys dirty) throws SubsystemException {
    boolean everything = dirty.everything();
    if (everything || dirty.nodes().contains(configuration.nodeName())) {
      everything |= takeInputs(view);
    }
    if (everything) {
      Set<ObjectKey> keys = new HashSet<>();
      claims.fragments().forEach(fragment -> keys.add(fragment.service()));
      view.services().forEach(service -> keys.add(service.key()));
      keys.forEach(key -> update(view, key));
    } else {
      dirty.services().forEach(key -> update(view, key));
    }
    if (backends.isPending() || !uncommitted.isEmpty()) {
      commit(view, dirty, backends::commit);
    }
    conflicts.update(claims.conflicts());
  }

  /**
   * Looks at what Services depend on besides themselves.
   *
   * @return whether the meaning of all of them may be another
   */
  private boolean takeInputs(ClusterView view) {
    ServiceInputs before = inputs;
    inputs = ServiceInputs.of(configuration, view.node(configuration.nodeName()));
    backends.mode(configuration.proxyMode());
    if (!inputs.settings().equals(before.settings())) {
      backends.settings(inputs.settings());
    }
    table.network(inputs.network());
    ipvs.sources(inputs.node().addresses());
    return !inputs.node().equals(before.node());
  }

  private void update(ClusterView view, ObjectKey key) {
    ServiceRecord service = configuration.proxyMode() == ProxyMode.NONE ? null : view.service(key);
    ServiceFragment fragment =
        service == null ? null : ServiceFragment.of(service, view.slices(key), inputs.node());
    ServiceChange change = claims.update(key, fragment);
    if (!change.isEmpty()) {
      backends.update(change);
    }
    uncommitted.add(change);
  }

  @Override
  public void audit(ClusterView view) throws SubsystemException {
    commit(
        view,
        DirtyKeys.EVERYTHING,
        () -> {
          List<String> operations = backends.audit();
          disturbed |= !operations.isEmpty();
          return operations;
        });
  }

  /**
   * What treats packets to a frontend in the kernel now: of the mode that serves, and then of the
   * table that every mode has. On the reconciling thread.
   *
   * @throws IOException if the kernel cannot be read
   */
  public List<KernelObject> evidence(FrontendAddress address) throws IOException {
    List<KernelObject> objects = new ArrayList<>(backends.evidence(address));
    objects.addAll(table.services().baseEvidence(address.family()));
    return objects;
  }

  @Override
  public Comparison verify(ClusterView view) throws IOException {
    return backends.compare(claims, inputs);
  }

  @Override
  public Simulation simulate(ClusterView then) throws IOException {
    return ServiceSimulation.of(configuration, then, claims, backends);
  }

  private interface Step {
    List<String> take() throws IOException;
  }

  private void commit(ClusterView view, DirtyKeys keys, Step step) throws SubsystemException {
    try {
      told(step.take());
    } catch (IOException e) {
      metrics.commitFailed(configuration.proxyMode().spelling());
      throw new SubsystemException(String.valueOf(e.getMessage()), keys, e);
    } finally {
      noteModes();
    }
    confirmations.committed(uncommitted.take(), view);
    tellRepaired();
    if (table.services().hasFollowUp()) {
      loop.submit(this::followUp);
    }
  }

  private void noteModes() {
    serving = backends.serving();
    retiring = backends.retiring();
  }

  private void followUp() {
    try {
      List<String> operations = table.services().followUp();
      if (!operations.isEmpty()) {
        loop.because("a follow-up: clients of endpoints that are gone are forgotten");
        told(operations);
      }
    } catch (IOException e) {
      LOG.warn("Clients may stay with endpoints that are gone: {}", e.getMessage());
    }
  }

  private void repair(String disturbance) {
    LOG.atWarn().addKeyValue("cause", disturbance).log("The table was changed by someone else");
    loop.because("the table was changed by someone else: " + disturbance);
    disturbed = true;
    repair();
  }

  /** Somebody changed tables that are everybody's; most often it does not concern what is ours. */
  private void look() {
    repair(operations -> disturbed |= !operations.isEmpty());
  }

  private void repair() {
    repair(_ -> {});
  }

  private void repair(Consumer<List<String>> listener) {
    try {
      List<String> operations = backends.commit();
      told(operations);
      listener.accept(operations);
      noteModes();
      confirmations.askAgain();
      tellRepaired();
    } catch (IOException e) {
      LOG.debug("The kernel could not be repaired", e);
      loop.markDirty(name(), DirtyKeys.EVERYTHING); // Tried again, and reported if it fails again.
    }
  }

  /**
   * Links or routes to pods are there again that were missing or wrong. On the reconciling thread.
   */
  public void waysRepaired() {
    disturbed = true;
    tellRepaired();
  }

  /** Where a commit came first, it has repaired the table, and the disturbance is told of later. */
  private void tellRepaired() {
    if (disturbed) {
      disturbed = false;
      backends.whenInKernel(() -> loop.submit(() -> followers.forEach(ServiceFollower::repaired)));
    }
  }

  private void told(List<String> operations) {
    loop.did(name(), operations);
    if (LOG.isDebugEnabled()) {
      operations.forEach(operation ->
          LOG.atDebug().addKeyValue("operation", operation).log("The kernel was changed"));
    }
  }

  @Override
  public boolean reconfigure(AgentConfiguration next) {
    boolean concerned = configuration.proxyMode() != next.proxyMode();
    configuration = next;
    return concerned;
  }

  @Override
  public Map<String, String> status() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put(
        "backend",
        serving.spelling()
            + (serving == configuration.proxyMode()
                ? ""
                : " until " + configuration.proxyMode().spelling() + " has them all"));
    facts.put(
        "programmed",
        claims.services()
            + " services, "
            + claims.addresses().size()
            + " addresses and node ports");
    if (!retiring.isEmpty()) {
      facts.put(
          "retiring",
          retiring.stream().map(ProxyMode::spelling).collect(Collectors.joining(", "))
              + ", until the connections there have ended");
    }
    List<String> conflicting =
        claims.conflicts().stream().map(conflict -> conflict.toString()).toList();
    putAll("conflict", conflicting, facts);
    List<String> problems = new ArrayList<>();
    followers.forEach(follower -> problems.addAll(follower.problems()));
    if (configuration.proxyMode() == ProxyMode.IPVS) {
      problems.addAll(ipvs.problems());
    }
    putAll("problem", problems, facts);
    return facts;
  }

  private static void putAll(String fact, List<String> sentences, Map<String, String> facts) {
    if (!sentences.isEmpty()) {
      facts.put(fact, String.join("; ", sentences));
    }
  }

  @Override
  public void endpoints(Consumer<EndpointTraffic.Counters> sink) throws IOException {
    traffic.readEndpoints(sink);
  }

  @Override
  public Map<String, Route> adminRoutes() {
    return views.routes();
  }

  @Override
  public void close() {
    followers.forEach(ServiceFollower::close);
    backends.close();
  }
}
