package io.fairlead.agent.subsystem;

import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.config.ProxyMode;
import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.loop.SubsystemException;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.model.ServiceRecord;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceNode;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.nftables.NftablesServices;
import io.fairlead.nftables.NodeNetwork;
import io.fairlead.nftables.TableWatch;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The node's nf_tables table: the base that every node needs, and Services unless the proxy mode
 * leaves them to others.
 */
public final class ServiceSubsystem implements Subsystem, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ServiceSubsystem.class);

  private final String nodeName;
  private final ReconcileLoop loop;
  private final List<Cidr> clusterCidrs;
  private final NfTablesSocket kernel;
  private final AddressClaims claims = new AddressClaims();
  private final NftablesServices services;
  private final TableWatch watch;
  private final Set<ObjectKey> known = new HashSet<>();
  private final Set<AddressClaims.Conflict> reported = new HashSet<>();
  private ProxyMode mode;

  private ServiceSubsystem(
      AgentConfiguration configuration, NfTablesSocket kernel, ReconcileLoop loop)
      throws IOException {
    this.loop = loop;
    this.nodeName = configuration.nodeName();
    this.clusterCidrs = configuration.clusterCidrs();
    this.mode = configuration.proxyMode();
    this.kernel = kernel;
    this.services =
        new NftablesServices(kernel, claims, network(null), ServiceSettings.ofPods(List.of()));
    this.watch =
        TableWatch.start(kernel, services, disturbance -> loop.submit(() -> repair(disturbance)));
  }

  /**
   * Opens its own socket and event monitor in the calling thread's network namespace.
   *
   * @throws IOException if the kernel refuses
   */
  public static ServiceSubsystem open(AgentConfiguration configuration, ReconcileLoop loop)
      throws IOException {
    NfTablesSocket kernel = NfTablesSocket.open();
    try {
      return new ServiceSubsystem(configuration, kernel, loop);
    } catch (IOException e) {
      kernel.close();
      throw e;
    }
  }

  private NodeNetwork network(@Nullable NodeRecord node) {
    return new NodeNetwork(node == null ? List.of() : node.podCidrs(), clusterCidrs, List.of());
  }

  @Override
  public String name() {
    return "services";
  }

  @Override
  public void apply(ClusterView view, DirtyKeys dirty) throws SubsystemException {
    if (dirty.everything()) {
      Set<ObjectKey> keys = new HashSet<>(known);
      view.services().forEach(service -> keys.add(service.key()));
      keys.forEach(key -> update(view, key));
    } else {
      dirty.services().forEach(key -> update(view, key));
    }
    if (dirty.everything() || dirty.nodes().contains(nodeName)) {
      services.network(network(view.node(nodeName)));
    }
    if (services.isPending()) {
      commit(dirty, services::commit);
    }
  }

  private void update(ClusterView view, ObjectKey key) {
    ServiceRecord service = mode == ProxyMode.NFTABLES ? view.service(key) : null;
    if (service == null) {
      if (known.remove(key)) {
        services.update(claims.update(key, null));
      }
    } else {
      known.add(key);
      services.update(
          claims.update(
              key, ServiceFragment.of(service, view.slices(key), ServiceNode.named(nodeName))));
    }
  }

  @Override
  public void audit(ClusterView view) throws SubsystemException {
    commit(DirtyKeys.EVERYTHING, services::audit);
  }

  private interface Step {
    List<String> take() throws IOException;
  }

  private void commit(DirtyKeys keys, Step step) throws SubsystemException {
    try {
      log(step.take());
    } catch (IOException e) {
      throw new SubsystemException(String.valueOf(e.getMessage()), keys, e);
    } finally {
      report();
    }
  }

  private void repair(String disturbance) {
    LOG.atWarn().addKeyValue("cause", disturbance).log("The table was changed by someone else");
    try {
      log(services.commit());
    } catch (IOException e) {
      LOG.debug("The table could not be repaired", e);
      loop.markDirty(name(), DirtyKeys.EVERYTHING); // Tried again, and reported if it fails again.
    }
  }

  private static void log(List<String> operations) {
    if (LOG.isDebugEnabled()) {
      operations.forEach(operation ->
          LOG.atDebug().addKeyValue("operation", operation).log("The table was changed"));
    }
  }

  /** Says once of each conflict who has the address. */
  private void report() {
    List<AddressClaims.Conflict> conflicts = claims.conflicts();
    reported.retainAll(conflicts);
    for (AddressClaims.Conflict conflict : conflicts) {
      if (reported.add(conflict)) {
        LOG.warn("{}", conflict);
      }
    }
  }

  @Override
  public boolean reconfigure(AgentConfiguration configuration) {
    boolean concerned = mode != configuration.proxyMode();
    mode = configuration.proxyMode();
    return concerned;
  }

  @Override
  public Map<String, String> status() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("backend", mode.spelling());
    facts.put(
        "programmed", claims.services() + " services, " + services.frontends() + " frontends");
    claims.conflicts().forEach(conflict -> facts.put("conflict", conflict.toString()));
    return facts;
  }

  @Override
  public void close() {
    watch.close();
    kernel.close();
  }
}
