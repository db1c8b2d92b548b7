package io.fairlead.agent.subsystem;

import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.loop.ClusterView;
import io.fairlead.agent.loop.DirtyKeys;
import io.fairlead.agent.loop.ReconcileLoop;
import io.fairlead.agent.loop.Subsystem;
import io.fairlead.agent.loop.SubsystemException;
import io.fairlead.agent.verify.Verifiable;
import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.table.TableWatch;
import io.fairlead.iptables.kernel.NftForwarding;
import io.fairlead.iptables.kernel.Place;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps others' firewalls from cutting pods off: lets their packets through the FORWARD chain of
 * iptables-nft where that drops, and tells of gates that it cannot open.
 */
public final class ForwardSubsystem implements Subsystem, Verifiable, AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ForwardSubsystem.class);

  private final AgentConfiguration configuration;
  private final ReconcileLoop loop;
  private final NfTablesSocket kernel;
  private final NftForwarding forwarding;
  private final List<TableWatch> watches = new ArrayList<>();
  private final DirtyKeys own;
  private List<String> problems = List.of();

  private ForwardSubsystem(
      AgentConfiguration configuration, ReconcileLoop loop, NfTablesSocket kernel) {
    this.loop = loop;
    this.configuration = configuration;
    this.kernel = kernel;
    this.own = new DirtyKeys(false, Set.of(), Set.of(configuration.nodeName()));
    this.forwarding = new NftForwarding(kernel);
  }

  /**
   * Opens its sockets in the calling thread's network namespace; touches nothing.
   *
   * @throws IOException if the kernel refuses
   */
  public static ForwardSubsystem open(AgentConfiguration configuration, ReconcileLoop loop)
      throws IOException {
    NfTablesSocket kernel = NfTablesSocket.open();
    ForwardSubsystem subsystem = new ForwardSubsystem(configuration, loop, kernel);
    try {
      for (TableName table : NftForwarding.TABLES) {
        subsystem.watches.add(
            TableWatch.start(
                kernel,
                table,
                () -> {},
                sentence -> loop.markDirty(subsystem.name(), subsystem.own)));
      }
      return subsystem;
    } catch (IOException e) {
      subsystem.close();
      throw e;
    }
  }

  @Override
  public String name() {
    return "forward";
  }

  @Override
  public void apply(ClusterView view, DirtyKeys dirty) throws SubsystemException {
    if (dirty.everything()) {
      audit(view);
    } else if (dirty.nodes().contains(configuration.nodeName())) {
      ensure(podNetworks(view));
    }
  }

  @Override
  public void audit(ClusterView view) throws SubsystemException {
    List<Cidr> pods = podNetworks(view);
    ensure(pods);
    look(pods);
  }

  @Override
  public Comparison verify(ClusterView view) throws IOException {
    return forwarding.compare(podNetworks(view));
  }

  private List<Cidr> podNetworks(ClusterView view) {
    List<Cidr> networks = new ArrayList<>(configuration.clusterCidrs());
    NodeRecord node = view.node(configuration.nodeName());
    if (node != null) {
      networks.addAll(node.podCidrs());
    }
    return networks;
  }

  private void ensure(List<Cidr> pods) throws SubsystemException {
    try {
      List<String> operations = forwarding.ensure(pods);
      loop.did(name(), operations);
      for (String operation : operations) {
        LOG.atInfo()
            .addKeyValue("operation", operation)
            .log("iptables drops what it forwards: the rules for pods were changed");
      }
    } catch (IOException e) {
      throw new SubsystemException(
          "Packets of pods may be dropped by the chain FORWARD of iptables: " + e.getMessage(),
          own,
          e);
    }
  }

  /** Finds what can be told and not be changed. Runs a program only where iptables-legacy is. */
  private void look(List<Cidr> pods) throws SubsystemException {
    String networks = pods.stream().map(Cidr::toString).collect(Collectors.joining(", "));
    List<String> found = new ArrayList<>();
    try {
      for (String gate : forwarding.otherGates()) {
        found.add(
            "the chain "
                + gate
                + " drops forwarded packets that its own rules do not accept: have it accept those"
                + " from and to "
                + networks
                + " (firewalld: firewall-cmd --permanent --zone=trusted --add-source=NETWORK)");
      }
    } catch (IOException e) {
      throw new SubsystemException(
          "Others' tables of nf_tables cannot be read: " + e.getMessage(), DirtyKeys.NONE, e);
    }
    if (NftForwarding.isLegacyClosed(Place.HERE)) {
      found.add(
          "the FORWARD chain of iptables-legacy has the policy DROP (Docker sets it): unless you have"
              + " done so, iptables-legacy -A FORWARD -s NETWORK -j ACCEPT, and -d NETWORK, for "
              + networks);
    }
    for (String problem : found) {
      if (!problems.contains(problem)) {
        LOG.warn("Pods may be cut off: {}", problem);
      }
    }
    problems = List.copyOf(found);
  }

  @Override
  public boolean reconfigure(AgentConfiguration next) {
    return false;
  }

  @Override
  public Map<String, String> status() {
    Map<String, String> facts = new LinkedHashMap<>();
    for (int i = 0; i < problems.size(); i++) {
      facts.put("may cut pods off" + (i == 0 ? "" : " " + (i + 1)), problems.get(i));
    }
    return facts;
  }

  @Override
  public void close() {
    watches.forEach(TableWatch::close);
    kernel.close();
  }
}
