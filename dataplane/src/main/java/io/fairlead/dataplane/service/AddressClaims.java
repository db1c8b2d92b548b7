package io.fairlead.dataplane.service;

import io.fairlead.dataplane.model.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What all Services ask for together. An address that several claim is the oldest one's (of equal
 * age, the first by key); the others wait for it. A change costs what the changed Service has. Not
 * thread-safe.
 */
public final class AddressClaims {

  /** A Service's wish for an address, ordered by who comes first. */
  private record Claim(long created, ObjectKey service) implements Comparable<Claim> {

    private static final Comparator<Claim> BY_AGE =
        Comparator.comparingLong(Claim::created).thenComparing(Claim::service);

    @Override
    public int compareTo(Claim other) {
      return BY_AGE.compare(this, other);
    }
  }

  /** The part of a Service that has an address. */
  public record Owner(ObjectKey service, ServicePortFragment port, Frontend frontend) {}

  /** A Service that does not get an address because another one has it. */
  public record Conflict(FrontendAddress address, ObjectKey owner, ObjectKey refused) {

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

  private final Map<ObjectKey, ServiceFragment> fragments = new HashMap<>();
  private final Map<FrontendAddress, Claim> owners = new HashMap<>();

  /** Those that want an address and do not have it; only where there are any. */
  private final Map<FrontendAddress, TreeSet<Claim>> waiting = new HashMap<>();

  /**
   * Takes over what a Service asks for now.
   *
   * @param fragment null if the Service is gone
   */
  public ServiceChange update(ObjectKey service, @Nullable ServiceFragment fragment) {
    ServiceFragment before =
        fragment == null ? fragments.remove(service) : fragments.put(service, fragment);
    if (Objects.equals(before, fragment)) {
      return new ServiceChange(service, before, fragment, Set.of());
    }
    Map<FrontendAddress, ServicePortFragment> old = byAddress(before);
    Map<FrontendAddress, ServicePortFragment> wanted = byAddress(fragment);
    Claim oldClaim = before == null ? null : new Claim(before.created(), service);
    Claim newClaim = fragment == null ? null : new Claim(fragment.created(), service);
    List<FrontendAddress> changed = new ArrayList<>();
    old.forEach((address, was) -> {
      ServicePortFragment is = wanted.get(address);
      boolean had = isOwner(service, address);
      boolean has = replace(address, oldClaim, is == null ? null : newClaim, had);
      if (had != has || (had && !isSame(address, was, is))) {
        changed.add(address);
      }
    });
    wanted.forEach((address, _) -> {
      if (newClaim != null && !old.containsKey(address) && claim(address, newClaim)) {
        changed.add(address);
      }
    });
    return new ServiceChange(service, before, fragment, set(changed));
  }

  private static Set<FrontendAddress> set(List<FrontendAddress> addresses) {
    return switch (addresses.size()) {
      case 0 -> Set.of();
      case 1 -> Set.of(addresses.getFirst());
      default -> Collections.unmodifiableSet(new TreeSet<>(addresses));
    };
  }

  /**
   * Replaces a claim. One of another age may have to leave the address to others, or take it from
   * them.
   *
   * @param had whether it has the address
   * @return whether it has it now
   */
  private boolean replace(
      FrontendAddress address, @Nullable Claim from, @Nullable Claim to, boolean had) {
    if (Objects.equals(from, to)) {
      return had;
    }
    if (from != null) {
      release(address, from);
    }
    return to != null && claim(address, to);
  }

  private static Map<FrontendAddress, ServicePortFragment> byAddress(
      @Nullable ServiceFragment fragment) {
    if (fragment == null) {
      return Map.of();
    }
    Map<FrontendAddress, ServicePortFragment> ports = new HashMap<>();
    for (ServicePortFragment port : fragment.ports()) {
      for (FrontendAddress address : port.frontends().keySet()) {
        ports.putIfAbsent(address, port);
      }
    }
    return ports;
  }

  private static boolean isSame(
      FrontendAddress address, ServicePortFragment a, @Nullable ServicePortFragment b) {
    if (b == null) {
      return false;
    }
    Frontend one = Objects.requireNonNull(a.frontends().get(address));
    Frontend other = Objects.requireNonNull(b.frontends().get(address));
    return one.equals(other)
        && a.name().equals(b.name())
        && a.affinitySeconds() == b.affinitySeconds()
        && a.ipvsScheduler().equals(b.ipvsScheduler())
        && a.inside(one).equals(b.inside(other))
        && a.outside(one).equals(b.outside(other));
  }

  /** Returns whether it gets the address at once. */
  private boolean claim(FrontendAddress address, Claim claim) {
    Claim owner = owners.putIfAbsent(address, claim);
    if (owner == null) {
      return true;
    }
    boolean first = claim.compareTo(owner) < 0;
    if (first) {
      owners.put(address, claim);
    }
    waiting.computeIfAbsent(address, _ -> new TreeSet<>()).add(first ? owner : claim);
    return first;
  }

  /** The next in line inherits. */
  private void release(FrontendAddress address, Claim claim) {
    TreeSet<Claim> others = waiting.get(address);
    if (others == null) {
      owners.remove(address, claim);
      return;
    }
    if (!others.remove(claim)) {
      owners.put(address, others.removeFirst());
    }
    if (others.isEmpty()) {
      waiting.remove(address);
    }
  }

  /** Who has an address; null if no Service does. */
  public @Nullable Owner owner(FrontendAddress address) {
    Claim claim = owners.get(address);
    ServiceFragment fragment = claim == null ? null : fragments.get(claim.service());
    if (fragment == null) {
      return null;
    }
    for (ServicePortFragment port : fragment.ports()) {
      Frontend frontend = port.frontends().get(address);
      if (frontend != null) {
        return new Owner(fragment.service(), port, frontend);
      }
    }
    return null;
  }

  /** Whether {@code service} is the one that has the address. */
  public boolean isOwner(ObjectKey service, FrontendAddress address) {
    Claim claim = owners.get(address);
    return claim != null && claim.service().equals(service);
  }

  /** What a Service asks for; null if there is no such Service. */
  public @Nullable ServiceFragment fragment(ObjectKey service) {
    return fragments.get(service);
  }

  /** What all Services ask for, in no order. */
  public Collection<ServiceFragment> fragments() {
    return Collections.unmodifiableCollection(fragments.values());
  }

  /** All addresses that some Service has. */
  public Set<FrontendAddress> addresses() {
    return Collections.unmodifiableSet(owners.keySet());
  }

  /** The number of Services. */
  public int services() {
    return fragments.size();
  }

  /** Addresses that more than one Service claims, in order. */
  public List<Conflict> conflicts() {
    if (waiting.isEmpty()) {
      return List.of();
    }
    List<Conflict> conflicts = new ArrayList<>();
    new TreeMap<>(waiting)
        .forEach((address, others) -> {
          Claim owner = owners.get(address);
          if (owner != null) {
            others.forEach(
                other -> conflicts.add(new Conflict(address, owner.service(), other.service())));
          }
        });
    return conflicts;
  }
}
