package io.fairlead.nftables.guard;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.table.ElementSink;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What the table is to hold. Changes go to a sink, as far as there are any. Not thread-safe. */
final class GuardState {

  /** By their owners, and by their links. */
  private final Map<String, Map<String, GuardedPort>> ports = new HashMap<>();

  private final Map<String, String> owners = new HashMap<>();

  /** Addresses, whether or not somebody has them now. */
  private final Set<IpAddress> confined = new HashSet<>();

  private List<Cidr> networks = List.of();

  /** Adds a port, or takes it over as it is now. */
  void add(GuardedPort port, ElementSink sink) {
    String former = owners.get(port.link());
    if (former != null && !former.equals(port.owner())) {
      remove(port.link(), sink);
    }
    addAll(port.owner(), sink.reversed());
    owners.put(port.link(), port.owner());
    ports.computeIfAbsent(port.owner(), _ -> new TreeMap<>()).put(port.link(), port);
    addAll(port.owner(), sink);
  }

  /** Removes a port if there is one. */
  void remove(String link, ElementSink sink) {
    String owner = owners.remove(link);
    if (owner == null) {
      return;
    }
    addAll(owner, sink.reversed());
    Map<String, GuardedPort> left = ports.getOrDefault(owner, Map.of());
    left.remove(link);
    if (left.isEmpty()) {
      ports.remove(owner);
    }
    addAll(owner, sink);
  }

  /** Has these ports instead of those until now; nothing is told of it. */
  void replacePorts(Collection<GuardedPort> all) {
    ports.clear();
    owners.clear();
    for (GuardedPort port : all) {
      owners.put(port.link(), port.owner());
      ports.computeIfAbsent(port.owner(), _ -> new TreeMap<>()).put(port.link(), port);
    }
  }

  /** Has whoever has one of these addresses send from its own ones only, or lets it go. */
  void confine(Collection<IpAddress> addresses, boolean wanted, ElementSink sink) {
    Set<IpAddress> changed = new HashSet<>(addresses);
    changed.removeIf(address -> confined.contains(address) == wanted);
    if (changed.isEmpty()) {
      return;
    }
    List<String> concerned =
        ports.keySet().stream()
            .filter(owner -> addresses(owner).stream().anyMatch(changed::contains))
            .toList();
    concerned.forEach(owner -> addAll(owner, sink.reversed()));
    if (wanted) {
      confined.addAll(changed);
    } else {
      confined.removeAll(changed);
    }
    concerned.forEach(owner -> addAll(owner, sink));
  }

  void networks(List<Cidr> current, ElementSink sink) {
    if (!networks.equals(current)) {
      addNetworks(sink.reversed());
      networks = List.copyOf(current);
      addNetworks(sink);
    }
  }

  /** Adds everything. */
  void addAll(ElementSink sink) {
    addNetworks(sink);
    new TreeSet<>(ports.keySet()).forEach(owner -> addAll(owner, sink));
  }

  private void addNetworks(ElementSink sink) {
    for (AddressFamily family : AddressFamily.values()) {
      List<Cidr> ofFamily =
          networks.stream().filter(network -> network.family() == family).toList();
      Cidr.disjoint(ofFamily)
          .forEach(network -> sink.add(GuardSets.of(family).networks(), SetElement.of(network)));
    }
  }

  private Set<IpAddress> addresses(String owner) {
    Set<IpAddress> addresses = new TreeSet<>();
    ports.getOrDefault(owner, Map.of()).values().forEach(p -> addresses.addAll(p.addresses()));
    return addresses;
  }

  private void addAll(String owner, ElementSink sink) {
    Set<IpAddress> addresses = addresses(owner);
    boolean isConfined = addresses.stream().anyMatch(confined::contains);
    ports
        .getOrDefault(owner, Map.of())
        .values()
        .forEach(port -> GuardSets.add(port, addresses, isConfined, sink));
  }
}
