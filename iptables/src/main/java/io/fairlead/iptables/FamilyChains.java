package io.fairlead.iptables;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.AddressClaims.Owner;
import io.fairlead.dataplane.service.Frontend;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.NodePort;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.iptables.DispatchTree.Entry;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.IptablesTable;
import io.fairlead.iptables.rule.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The chains of one family, as they were last handed out: of each port what its chains are rendered
 * from, and the trees that lead to them. A pure function of claims and settings, kept up to date at
 * the cost of what changes.
 */
final class FamilyChains {

  private final BaseChains base;
  private final ClientMarks marks;
  private final Map<PortId, PortView> ports = new HashMap<>();

  /** How many of its ports each cluster IP has. */
  private final Map<IpAddress, Integer> clusterIps = new HashMap<>();

  private final Set<VirtualAddress> counted = new HashSet<>();
  private final DispatchTree services;
  private final DispatchTree nodePorts;
  private final DispatchTree unserved;
  private final DispatchTree unservedNodePorts;
  private boolean basePut;

  FamilyChains(AddressFamily family, ServiceSettings settings) {
    base = new BaseChains(family, settings);
    marks = base.marks();
    services = new DispatchTree(ChainNames.SERVICES, List.of(), base.servicesTail());
    unserved = new DispatchTree(ChainNames.UNSERVED, List.of(), base.unservedTail());
    nodePorts = new DispatchTree(ChainNames.NODE_PORTS, base.nodePortsHead(), List.of());
    unservedNodePorts = new DispatchTree(ChainNames.NODE_PORTS, base.nodePortsHead(), List.of());
  }

  /**
   * Puts the chains that differ since the last call.
   *
   * @param dirtyPorts those whose Service changed; it is completed by others that are concerned
   * @param dirtyAddresses whose treatment may be another
   */
  void update(
      AddressClaims claims,
      Set<PortId> dirtyPorts,
      Set<FrontendAddress> dirtyAddresses,
      ChainSink nat,
      ChainSink filter) {
    if (!basePut) {
      base.nat().forEach(nat::put);
      base.filter().forEach(filter::put);
      basePut = true;
    }
    Set<PortId> concerned = new TreeSet<>(dirtyPorts);
    for (FrontendAddress address : dirtyAddresses) {
      // One that loses the address to another Service, or gets it from one, did not change itself.
      concern(tree(address, services, nodePorts), address, concerned);
      concern(tree(address, unserved, unservedNodePorts), address, concerned);
      Owner owner = claims.owner(address);
      if (owner != null) {
        concerned.add(PortId.of(owner.service(), owner.port()));
      }
    }
    // Removals come last in any case: see ChainSink.
    concerned.forEach(id -> port(id, PortView.of(claims, id), nat, filter));
    dirtyAddresses.forEach(address -> address(address, claims.owner(address)));
    nodePorts.flush(nat);
    services.flush(nat);
    unservedNodePorts.flush(filter);
    unserved.flush(filter);
  }

  private static void concern(DispatchTree tree, FrontendAddress address, Set<PortId> concerned) {
    Entry before = tree.entry(DispatchKey.of(address));
    if (before != null && before.owner() != null) {
      concerned.add(before.owner());
    }
  }

  private void port(PortId id, @Nullable PortView now, ChainSink nat, ChainSink filter) {
    PortView before = now == null ? ports.remove(id) : ports.put(id, now);
    if (now == null ? before != null : !now.equals(before)) {
      PortChains old = before == null ? null : new PortChains(before, marks);
      PortChains wanted = now == null ? null : new PortChains(now, marks);
      difference(old == null ? Map.of() : old.nat(), wanted == null ? Map.of() : wanted.nat(), nat);
      difference(
          old == null ? Map.of() : old.filter(),
          wanted == null ? Map.of() : wanted.filter(),
          filter);
    }
  }

  private static void difference(
      Map<String, List<IptablesRule>> before, Map<String, List<IptablesRule>> now, ChainSink sink) {
    now.forEach((name, rules) -> {
      if (!rules.equals(before.get(name))) {
        sink.put(name, rules);
      }
    });
    before.keySet().stream().filter(name -> !now.containsKey(name)).forEach(sink::delete);
  }

  private static DispatchTree tree(
      FrontendAddress address, DispatchTree virtual, DispatchTree node) {
    return switch (address) {
      case VirtualAddress _ -> virtual;
      case NodePort _ -> node;
    };
  }

  private void address(FrontendAddress address, @Nullable Owner owner) {
    DispatchKey key = DispatchKey.of(address);
    replace(
        tree(address, services, nodePorts),
        key,
        owner == null ? null : FrontendRules.nat(address, owner));
    replace(
        tree(address, unserved, unservedNodePorts),
        key,
        owner == null ? null : FrontendRules.filter(address, owner));
    if (address instanceof VirtualAddress virtual) {
      boolean isClusterIp = owner != null && owner.frontend().kind() == Frontend.Kind.CLUSTER_IP;
      count(virtual, isClusterIp);
    }
  }

  private static void replace(DispatchTree tree, DispatchKey key, @Nullable Entry entry) {
    if (entry == null) {
      tree.remove(key);
    } else {
      tree.put(entry);
    }
  }

  private void count(VirtualAddress virtual, boolean isClusterIp) {
    IpAddress address = virtual.address();
    if (isClusterIp ? !counted.add(virtual) : !counted.remove(virtual)) {
      return;
    }
    int ports = clusterIps.merge(address, isClusterIp ? 1 : -1, Integer::sum);
    if (ports == 0) {
      clusterIps.remove(address);
      unserved.remove(new DispatchKey(address, null, 0));
    } else if (isClusterIp && ports == 1) {
      unserved.put(FrontendRules.unusedPorts(address));
    }
  }

  /** What packets to an address meet, table by table. */
  List<AddressWay> ways(FrontendAddress address) {
    DispatchKey key = DispatchKey.of(address);
    Map<String, List<IptablesRule>> natChains = new HashMap<>(base.nat());
    Map<String, List<IptablesRule>> filterChains = new HashMap<>(base.filter());
    for (DispatchTree each : List.of(services, nodePorts, unserved, unservedNodePorts)) {
      Entry entry = each.entry(key);
      PortView view = entry == null || entry.owner() == null ? null : ports.get(entry.owner());
      if (view != null) {
        PortChains chains = new PortChains(view, marks);
        natChains.putAll(chains.nat());
        filterChains.putAll(chains.filter());
      }
    }
    return List.of(
        AddressWay.of(
            IptablesTable.NAT, path(address, services, base.servicesTail(), nodePorts), natChains),
        AddressWay.of(
            IptablesTable.FILTER,
            path(address, unserved, base.unservedTail(), unservedNodePorts),
            filterChains));
  }

  /** Node ports are found behind all virtual addresses. */
  private static List<DispatchTree.Step> path(
      FrontendAddress address, DispatchTree virtual, List<IptablesRule> tail, DispatchTree node) {
    DispatchKey key = DispatchKey.of(address);
    return switch (address) {
      case VirtualAddress _ -> virtual.path(key);
      case NodePort _ -> {
        List<DispatchTree.Step> steps = new ArrayList<>();
        List<DispatchTree.Step> own = node.path(key);
        for (IptablesRule rule : own.isEmpty() ? List.<IptablesRule>of() : tail) {
          if (rule.target() instanceof Target.Jump(String to) && to.equals(ChainNames.NODE_PORTS)) {
            steps.add(virtual.step(rule));
          }
        }
        steps.addAll(own);
        yield steps;
      }
    };
  }

  /** The chains that packets meet behind all others in table nat. */
  Map<String, List<IptablesRule>> lastChains() {
    return Map.of(
        ChainNames.POSTROUTING, Objects.requireNonNull(base.nat().get(ChainNames.POSTROUTING)));
  }

  /** The addresses of Services in this family. */
  int addresses() {
    return services.size() + nodePorts.size();
  }
}
