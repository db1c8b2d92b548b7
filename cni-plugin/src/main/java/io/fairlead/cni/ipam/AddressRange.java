package io.fairlead.cni.ipam;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of one pod CIDR. Addresses that were never used go first, in order; then the one
 * that was released longest ago. The gateway is the first address after the network's own. Not
 * handed out are the gateway, the network address (for IPv6: the subnet-router anycast address, RFC
 * 4291 2.6.1) and IPv4's broadcast address. A range of two addresses (RFC 3021, RFC 6164) has a
 * gateway and one pod; a range of one has room for no pod.
 *
 * <p>Every operation takes constant time, amortised. Not thread-safe.
 */
final class AddressRange {

  /** More addresses than this of one range are not handed out without being asked for. */
  private static final int COUNTED_BITS = 32;

  private final Cidr cidr;
  private final IpAddress gateway;
  private final @Nullable IpAddress broadcast;
  private final long last;
  private final long size;
  private long fresh;

  /** How many leases hold an address: one, or more after a damaged journal. */
  private final Map<IpAddress, Integer> taken = new HashMap<>();

  private final LinkedHashSet<IpAddress> released = new LinkedHashSet<>();

  AddressRange(Cidr cidr) {
    this.cidr = cidr;
    int hostBits = cidr.family().bitLength() - cidr.prefixLength();
    long end = (1L << Math.min(hostBits, COUNTED_BITS)) - 1;
    boolean subnet = hostBits >= 2;
    boolean broadcasts = subnet && cidr.family() == AddressFamily.IPV4;
    gateway = cidr.network().plus(subnet ? 1 : 0);
    broadcast = broadcasts ? cidr.network().plus(end) : null;
    fresh = subnet ? 2 : 1;
    last = broadcasts ? end - 1 : end;
    size = Math.max(0, last - fresh + 1);
  }

  Cidr cidr() {
    return cidr;
  }

  IpAddress gateway() {
    return gateway;
  }

  /** How many pods it has room for; a very large range counts as 2^32. */
  long size() {
    return size;
  }

  long used() {
    return taken.size();
  }

  /**
   * The address to hand out next, or null if none is free. Changes nothing that can be seen.
   *
   * @param kept what is not handed out, beside what this range itself keeps
   */
  @Nullable IpAddress next(Predicate<IpAddress> kept) {
    for (; fresh <= last; fresh++) {
      IpAddress candidate = cidr.network().plus(fresh);
      if (isFresh(candidate)) {
        break;
      }
    }
    // From here on addresses may be kept for a while, and then are free.
    for (long at = fresh; at <= last; at++) {
      IpAddress candidate = cidr.network().plus(at);
      if (isFresh(candidate) && !kept.test(candidate)) {
        return candidate;
      }
    }
    return firstReleased(address -> !kept.test(address));
  }

  /**
   * The address to hand out next of those from {@code first} to {@code end}, or null if none is
   * free. Takes time with the number of addresses in use.
   *
   * @param first within this range
   * @param end within this range, inclusive
   * @param kept as in {@link #next(Predicate)}
   */
  @Nullable IpAddress next(IpAddress first, IpAddress end, Predicate<IpAddress> kept) {
    for (IpAddress candidate = first; ; candidate = candidate.plus(1)) {
      if (isFresh(candidate) && !isReserved(candidate) && !kept.test(candidate)) {
        return candidate;
      }
      if (candidate.compareTo(end) >= 0) {
        break;
      }
    }
    return firstReleased(address ->
        address.compareTo(first) >= 0 && address.compareTo(end) <= 0 && !kept.test(address));
  }

  private boolean isFresh(IpAddress address) {
    return !taken.containsKey(address) && !released.contains(address);
  }

  private @Nullable IpAddress firstReleased(Predicate<IpAddress> wanted) {
    for (IpAddress address : released) {
      if (wanted.test(address)) {
        return address;
      }
    }
    return null;
  }

  /** Why {@code address} cannot be handed out, as the end of a sentence, or null if it can. */
  @Nullable String refusal(IpAddress address) {
    if (address.equals(gateway)) {
      return "is the gateway of " + cidr;
    }
    if (isReserved(address)) {
      return "is the network or broadcast address of " + cidr;
    }
    return taken.containsKey(address) ? "is in use" : null;
  }

  /** Whether {@code address} is the gateway's, the network's or the broadcast address. */
  boolean isReserved(IpAddress address) {
    return address.equals(gateway) || address.equals(broadcast) || address.equals(cidr.network());
  }

  void take(IpAddress address) {
    taken.merge(address, 1, Integer::sum);
    released.remove(address);
  }

  /** Gives back an address that was taken, behind all others that are free. */
  void release(IpAddress address) {
    Integer left = taken.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1);
    if (left == null && !isReserved(address)) {
      released.addLast(address);
    }
  }

  /**
   * Puts addresses that were released before this range was set up into the queue, oldest first.
   */
  void remember(Collection<IpAddress> releasedBefore) {
    for (IpAddress address : releasedBefore) {
      if (cidr.contains(address) && !isReserved(address) && !taken.containsKey(address)) {
        released.addLast(address);
      }
    }
  }

  /** Free addresses that were in use once, the one released longest ago first. */
  Collection<IpAddress> released() {
    return Collections.unmodifiableCollection(released);
  }
}
