package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What all Services ask for together. An address that several claim is the first one's, by key; the
 * others wait for it. A change costs what the changed Service has. Not thread-safe.
 */
public final class AddressClaims {

  private static final SortedMap<VirtualAddress, List<EndpointAddress>> NOTHING = new TreeMap<>();

  private final Map<ObjectKey, ServiceFragment> fragments = new HashMap<>();
  private final Map<VirtualAddress, ObjectKey> owners = new HashMap<>();

  /** Those that want an address and do not have it; only where there are any. */
  private final Map<VirtualAddress, TreeSet<ObjectKey>> waiting = new HashMap<>();

  /** A Service that does not get an address because another one has it. */
  public record Conflict(VirtualAddress address, ObjectKey owner, ObjectKey refused) {

    @Override
    public String toString() {
      return "Service "
          + refused
          + " does not get "
          + address
          + ", which Service "
          + owner
          + " has; give one of them another address or port";
    }
  }

  /**
   * Takes over what a Service asks for now.
   *
   * @param fragment null if the Service is gone
   * @return the addresses whose endpoints may be others than before
   */
  public Set<VirtualAddress> update(ObjectKey service, @Nullable ServiceFragment fragment) {
    ServiceFragment before =
        fragment == null ? fragments.remove(service) : fragments.put(service, fragment);
    var old = before == null ? NOTHING : before.addresses();
    var wanted = fragment == null ? NOTHING : fragment.addresses();
    Set<VirtualAddress> changed = new TreeSet<>();
    old.forEach((address, endpoints) -> {
      if (!endpoints.equals(wanted.get(address))) {
        changed.add(address);
      }
      if (!wanted.containsKey(address)) {
        release(address, service);
      }
    });
    for (VirtualAddress address : wanted.keySet()) {
      if (!old.containsKey(address)) {
        changed.add(address);
        claim(address, service);
      }
    }
    return changed;
  }

  private void claim(VirtualAddress address, ObjectKey service) {
    ObjectKey owner = owners.putIfAbsent(address, service);
    if (owner == null) {
      return;
    }
    boolean first = service.compareTo(owner) < 0;
    if (first) {
      owners.put(address, service);
    }
    waiting.computeIfAbsent(address, _ -> new TreeSet<>()).add(first ? owner : service);
  }

  private void release(VirtualAddress address, ObjectKey service) {
    TreeSet<ObjectKey> others = waiting.get(address);
    if (others == null) {
      owners.remove(address, service);
      return;
    }
    if (!others.remove(service)) {
      owners.put(address, others.removeFirst());
    }
    if (others.isEmpty()) {
      waiting.remove(address);
    }
  }

  /** The endpoints of an address; null if no Service has it, empty if it is to be refused. */
  public @Nullable List<EndpointAddress> endpoints(VirtualAddress address) {
    ObjectKey owner = owners.get(address);
    ServiceFragment fragment = owner == null ? null : fragments.get(owner);
    return fragment == null ? null : fragment.addresses().get(address);
  }

  /** All addresses that some Service has. */
  public Set<VirtualAddress> addresses() {
    return Set.copyOf(owners.keySet());
  }

  /** The number of Services. */
  public int services() {
    return fragments.size();
  }

  /** Addresses that more than one Service claims, in order. */
  public List<Conflict> conflicts() {
    List<Conflict> conflicts = new ArrayList<>();
    new TreeMap<>(waiting)
        .forEach((address, others) -> {
          ObjectKey owner = owners.get(address);
          if (owner != null) {
            others.forEach(other -> conflicts.add(new Conflict(address, owner, other)));
          }
        });
    return conflicts;
  }
}
