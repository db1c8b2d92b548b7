package io.fairlead.agent.subsystem.observe;

import io.fairlead.agent.loop.ClusterView;
import io.fairlead.cni.ipam.Lease;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.PodRecord;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.VirtualAddress;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What addresses are called: of pods, Services and nodes. It reads what the agent knows anyway; the
 * names of nodes and leases are gathered again when they are older than two seconds. For the
 * reconciling thread only.
 */
final class NameBook {

  private static final long FRESH = TimeUnit.SECONDS.toNanos(2);

  private final String node;
  private final @Nullable Enforcement enforcement;
  private final AddressClaims claims;
  private final Supplier<List<Lease>> leases;
  private final LongSupplier nanoTime;
  private final Map<IpAddress, String> attached = new HashMap<>();
  private final Map<IpAddress, String> nodes = new HashMap<>();
  private final Map<Cidr, String> networks = new HashMap<>();
  private final Map<IpAddress, Set<String>> virtual = new HashMap<>();
  private @Nullable NodeRecord own;
  private boolean gathered;
  private long gatheredAt;

  /**
   * An empty one.
   *
   * @param node the name of this node
   * @param enforcement null where policies are off
   * @param nanoTime a clock
   */
  NameBook(
      String node,
      @Nullable Enforcement enforcement,
      AddressClaims claims,
      Supplier<List<Lease>> leases,
      LongSupplier nanoTime) {
    this.node = node;
    this.enforcement = enforcement;
    this.claims = claims;
    this.leases = leases;
    this.nanoTime = nanoTime;
  }

  /** Makes sure that the names are not old. Call it before a couple of questions. */
  NameBook refresh(ClusterView view) {
    long now = nanoTime.getAsLong();
    if (gathered && now - gatheredAt < FRESH) {
      return this;
    }
    gathered = true;
    gatheredAt = now;
    attached.clear();
    nodes.clear();
    networks.clear();
    virtual.clear();
    for (Lease lease : leases.get()) {
      String pod = lease.pod();
      lease.addresses().forEach(address -> attached.put(address, pod == null ? "" : pod));
    }
    for (NodeRecord each : view.nodes()) {
      each.addresses().forEach(address -> nodes.put(address, each.name()));
      each.podCidrs().forEach(network -> networks.put(network, each.name()));
    }
    own = view.node(node);
    return this;
  }

  /** The pod with an address as namespace/name; empty if it is no pod's. */
  String pod(IpAddress address) {
    Enforcement known = enforcement;
    PodRecord pod = known == null ? null : known.pod(address);
    return pod != null ? pod.key().toString() : attached.getOrDefault(address, "");
  }

  /** The node with an address; empty if it is no node's. */
  String node(IpAddress address) {
    return nodes.getOrDefault(address, isOwnNode(address) ? node : "");
  }

  /** The node whose pods have a network; empty if there is none. */
  String node(Cidr network) {
    return networks.getOrDefault(network, "");
  }

  /** Whether it is an address of this node, also of its bridge. */
  boolean isOwnNode(IpAddress address) {
    NodeRecord here = own;
    return here != null
        && (here.addresses().contains(address)
            || (pod(address).isEmpty()
                && here.podCidrs().stream().anyMatch(network -> network.contains(address))));
  }

  /** "default/web port http", of what is dialled; empty if no Service has it. */
  String service(FrontendAddress address) {
    AddressClaims.Owner owner = claims.owner(address);
    if (owner == null) {
      return "";
    }
    return owner.service() + (owner.port().name().isEmpty() ? "" : " port " + owner.port().name());
  }

  /** The Service whose address and port that is, as namespace/name; empty if there is none. */
  String serviceName(FrontendAddress address) {
    AddressClaims.Owner owner = claims.owner(address);
    return owner == null ? "" : owner.service().toString();
  }

  /** The Services with a virtual address, whatever the port. */
  Set<String> services(IpAddress address) {
    if (virtual.isEmpty()) {
      for (FrontendAddress each : claims.addresses()) {
        AddressClaims.Owner owner = each instanceof VirtualAddress ? claims.owner(each) : null;
        if (owner != null && each instanceof VirtualAddress(IpAddress its, var _, int _)) {
          virtual.computeIfAbsent(its, _ -> new TreeSet<>()).add(owner.service().toString());
        }
      }
    }
    return virtual.getOrDefault(address, Set.of());
  }

  /** "pod default/web", "Service default/web", "node node-2", or empty. */
  String thing(IpAddress address) {
    String pod = pod(address);
    if (!pod.isEmpty()) {
      return "pod " + pod;
    }
    String node = node(address);
    if (!node.isEmpty()) {
      return "node " + node;
    }
    Set<String> services = services(address);
    return services.isEmpty() ? "" : "Service " + String.join(", ", services);
  }

  /** The addresses of the pods that {@code filter} means. */
  Set<IpAddress> addresses(PodFilter filter, ClusterView view) {
    Set<IpAddress> addresses = new HashSet<>();
    attached.forEach((address, pod) -> {
      if (filter.isPod(pod)) {
        addresses.add(address);
      }
    });
    for (PodRecord pod : view.policyObjects().pods()) {
      if (!pod.hostNetwork() && filter.isPod(pod.key().toString())) {
        addresses.addAll(pod.addresses());
      }
    }
    return addresses;
  }
}
