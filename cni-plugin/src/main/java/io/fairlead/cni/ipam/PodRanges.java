package io.fairlead.cni.ipam;

import io.fairlead.cni.attachment.AddressRequest;
import io.fairlead.cni.attachment.RequestedRange;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The node's pod CIDRs: which addresses of them are free, and which to hand out next. Not
 * thread-safe.
 */
final class PodRanges {

  /** Every range since the start: one may come back, with its order of reuse. */
  private final Map<Cidr, AddressRange> known = new LinkedHashMap<>();

  private final Collection<IpAddress> releasedBefore;
  private List<AddressRange> ranges = List.of();
  private Set<IpAddress> kept = Set.of();

  /**
   * No ranges yet.
   *
   * @param releasedBefore free addresses that were in use before, oldest release first
   */
  PodRanges(Collection<IpAddress> releasedBefore) {
    this.releasedBefore = releasedBefore;
  }

  /**
   * Sets the ranges to allocate from, in order of preference; those within another are ignored.
   *
   * @param taken an address as often as it is held
   */
  void configure(List<Cidr> cidrs, Collection<IpAddress> taken) {
    List<AddressRange> configured = new ArrayList<>();
    for (Cidr cidr : new LinkedHashSet<>(cidrs)) {
      if (cidrs.stream().noneMatch(other -> !other.equals(cidr) && other.contains(cidr))) {
        AddressRange range = known.get(cidr);
        configured.add(range == null ? learn(cidr, taken) : range);
      }
    }
    ranges = List.copyOf(configured);
  }

  private AddressRange learn(Cidr cidr, Collection<IpAddress> taken) {
    AddressRange range = new AddressRange(cidr);
    taken.stream().filter(cidr::contains).forEach(range::take);
    range.remember(releasedBefore);
    known.values().forEach(old -> range.remember(old.released()));
    known.put(cidr, range);
    return range;
  }

  /** Sets what is never handed out, beside what each range keeps itself. */
  void keep(Set<IpAddress> addresses) {
    kept = Set.copyOf(addresses);
  }

  void take(IpAddress address) {
    forEach(address, range -> range.take(address));
  }

  /** Gives back an address that was taken, behind all others that are free. */
  void release(IpAddress address) {
    forEach(address, range -> range.release(address));
  }

  private void forEach(IpAddress address, Consumer<AddressRange> action) {
    known.values().stream().filter(range -> range.cidr().contains(address)).forEach(action);
  }

  /** Free addresses of all ranges that were in use once, per range the oldest release first. */
  List<IpAddress> released() {
    List<IpAddress> released = new ArrayList<>();
    known.values().forEach(range -> released.addAll(range.released()));
    return released;
  }

  List<AddressPool.Usage> usage() {
    return ranges.stream()
        .map(r -> new AddressPool.Usage(r.cidr(), r.gateway(), r.used(), r.size()))
        .toList();
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  /**
   * One free address of each family that has a range or is asked for. Takes none of them.
   *
   * @return IPv4 first
   * @throws CniException TRY_AGAIN without a free address, ADDRESS_UNAVAILABLE if what is requested
   *     can never be had, or is in use
   */
  List<Allocation> choose(AddressRequest request) throws CniException {
    List<Allocation> chosen = new ArrayList<>();
    for (IpAddress address : request.addresses()) {
      chosen.add(requested(address, request, chosen));
    }
    for (AddressFamily family : AddressFamily.values()) {
      if (holds(chosen, family)) {
        continue;
      }
      List<RequestedRange> within = request.ranges().get(family);
      if (within != null) {
        chosen.add(within(within));
      } else if (ranges.stream().anyMatch(range -> range.cidr().family() == family)) {
        chosen.add(next(family));
      }
    }
    chosen.sort((a, b) -> a.address().compareTo(b.address()));
    return List.copyOf(chosen);
  }

  private Allocation requested(IpAddress address, AddressRequest request, List<Allocation> chosen)
      throws CniException {
    List<RequestedRange> within = request.ranges().get(address.family());
    AddressRange range = rangeOf(address);
    String refusal = range == null ? "is in none of " + nodes() : range.refusal(address);
    if (refusal == null && kept.contains(address)) {
      refusal = "is an address of the bridge";
    }
    if (refusal == null && holds(chosen, address.family())) {
      refusal = "is the second one of its family";
    }
    if (refusal == null
        && within != null
        && within.stream().noneMatch(each -> each.contains(address))) {
      refusal = "is outside of the requested ranges " + within;
    }
    if (refusal != null || range == null) {
      throw new CniException(
          CniErrorCode.ADDRESS_UNAVAILABLE, "the requested address " + address + " " + refusal);
    }
    return allocation(range, address);
  }

  private Allocation next(AddressFamily family) throws CniException {
    for (AddressRange range : ranges) {
      IpAddress next = range.cidr().family() == family ? range.next(kept::contains) : null;
      if (next != null) {
        return allocation(range, next);
      }
    }
    throw new CniException(CniErrorCode.TRY_AGAIN, exhausted(family));
  }

  private Allocation within(List<RequestedRange> requested) throws CniException {
    List<AddressRange> of = new ArrayList<>();
    for (RequestedRange each : requested) {
      of.add(rangeOf(each)); // All of them, so that a mistake shows before the first is full.
    }
    for (int i = 0; i < of.size(); i++) {
      RequestedRange range = requested.get(i);
      IpAddress next = of.get(i).next(range.first(), range.last(), kept::contains);
      if (next != null) {
        return allocation(of.get(i), next);
      }
    }
    throw new CniException(
        CniErrorCode.TRY_AGAIN,
        "all addresses of the requested ranges " + requested + " are in use");
  }

  private AddressRange rangeOf(RequestedRange requested) throws CniException {
    AddressRange range = rangeOf(requested.first());
    if (range == null || !range.cidr().contains(requested.last())) {
      throw new CniException(
          CniErrorCode.ADDRESS_UNAVAILABLE,
          "the requested range " + requested + " is not within one of " + nodes());
    }
    IpAddress gateway = requested.gateway();
    if (gateway != null && !gateway.equals(range.gateway())) {
      throw new CniException(
          CniErrorCode.ADDRESS_UNAVAILABLE,
          "the requested range "
              + requested
              + " has the gateway "
              + gateway
              + ", but the bridge is "
              + range.gateway()
              + " in "
              + range.cidr()
              + "; leave the gateway out");
    }
    return range;
  }

  private String nodes() {
    return "the node's pod CIDRs " + ranges.stream().map(AddressRange::cidr).toList();
  }

  private static Allocation allocation(AddressRange range, IpAddress address) {
    return new Allocation(address, range.cidr(), range.gateway());
  }

  private static boolean holds(List<Allocation> chosen, AddressFamily family) {
    return chosen.stream().anyMatch(allocation -> allocation.address().family() == family);
  }

  private @Nullable AddressRange rangeOf(IpAddress address) {
    for (AddressRange range : ranges) {
      if (range.cidr().contains(address)) {
        return range;
      }
    }
    return null;
  }

  /** Why {@link #choose} would fail now if nothing special were asked for, or empty. */
  Optional<String> trouble() {
    for (AddressFamily family : AddressFamily.values()) {
      List<AddressRange> candidates = of(family);
      if (!candidates.isEmpty()
          && candidates.stream().allMatch(range -> range.next(kept::contains) == null)) {
        return Optional.of(exhausted(family));
      }
    }
    return Optional.empty();
  }

  private List<AddressRange> of(AddressFamily family) {
    return ranges.stream().filter(range -> range.cidr().family() == family).toList();
  }

  private String exhausted(AddressFamily family) {
    List<AddressRange> full = of(family);
    long size = full.stream().mapToLong(AddressRange::size).sum();
    List<Cidr> cidrs = full.stream().map(AddressRange::cidr).toList();
    return size == 0
        ? "the pod CIDR " + cidrs + " has no room for a pod beside its gateway; assign a wider one"
        : "all " + size + " addresses of the pod CIDR " + cidrs + " are in use";
  }
}
