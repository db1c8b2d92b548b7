package io.fairlead.cni.ipam;

import io.fairlead.cni.attachment.AttachmentOptions;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out the addresses of the node's pod CIDRs: one per family and attachment. Leases survive
 * the agent; those of an earlier boot are void. A lease stays when the pod CIDRs change, until its
 * pod goes. Thread-safe.
 */
public final class AddressPool implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(AddressPool.class);

  private final LeaseJournal journal;
  private final Map<AttachmentKey, Lease> leases;

  /** Those whose attachment was asked to go, until its link is gone. */
  private final Map<AttachmentKey, Lease> retiring;

  private final List<IpAddress> releasedBefore;

  /** Every range since the start: one may come back, with its order of reuse. */
  private final Map<Cidr, AddressRange> known = new LinkedHashMap<>();

  private List<AddressRange> ranges = List.of();

  private AddressPool(LeaseJournal.Recovered recovered) {
    journal = recovered.journal();
    leases = new LinkedHashMap<>(recovered.leases());
    retiring = new LinkedHashMap<>(recovered.retiring());
    releasedBefore = recovered.released();
  }

  /**
   * Opens the pool whose leases are in {@code folder}. It has no addresses until {@link
   * #configure}.
   *
   * @param bootId see {@link BootId}; leases recorded under another are dropped
   * @throws IOException if the folder cannot be written
   */
  public static AddressPool open(Path folder, String bootId) throws IOException {
    LeaseJournal.Recovered recovered = LeaseJournal.open(folder, bootId);
    if (recovered.stale() > 0) {
      LOG.info("Dropped {} address leases of an earlier boot.", recovered.stale());
    }
    if (recovered.damaged() > 0) {
      LOG.warn(
          "{} lines of the address leases in {} were damaged and are ignored; the file was kept as"
              + " leases.journal.damaged.",
          recovered.damaged(),
          folder);
    }
    return new AddressPool(recovered);
  }

  /**
   * Sets the pod CIDRs to allocate from, in order of preference; those within another are ignored.
   * Existing leases stay.
   */
  public synchronized void configure(List<Cidr> cidrs) {
    List<AddressRange> configured = new ArrayList<>();
    for (Cidr cidr : new LinkedHashSet<>(cidrs)) {
      if (cidrs.stream().noneMatch(other -> !other.equals(cidr) && other.contains(cidr))) {
        configured.add(known.computeIfAbsent(cidr, this::range));
      }
    }
    ranges = List.copyOf(configured);
  }

  private AddressRange range(Cidr cidr) {
    AddressRange range = new AddressRange(cidr);
    for (Lease lease : leases.values()) {
      lease.addresses().stream().filter(cidr::contains).forEach(range::take);
    }
    for (Lease lease : retiring.values()) {
      lease.addresses().stream().filter(cidr::contains).forEach(range::take);
    }
    range.remember(releasedBefore);
    known.values().forEach(old -> range.remember(old.released()));
    return range;
  }

  /**
   * Leases one address of each family that has a pod CIDR, or none at all.
   *
   * @param requested addresses to hand out instead of the next ones, at most one per family
   * @param pod "namespace/name" for {@link Lease#pod}
   * @param podUid for {@link Lease#podUid}
   * @param options for {@link Lease#options}
   * @return IPv4 first
   * @throws CniException TRY_AGAIN without a pod CIDR or a free address, or while a former
   *     attachment of that key retires, ADDRESS_UNAVAILABLE if a requested one cannot be had,
   *     ALREADY_ATTACHED if {@code key} has a lease, IO_FAILURE if the lease cannot be recorded
   */
  public synchronized List<Allocation> allocate(
      AttachmentKey key,
      List<IpAddress> requested,
      @Nullable String pod,
      String podUid,
      AttachmentOptions options)
      throws CniException {
    if (leases.containsKey(key)) {
      throw new CniException(
          CniErrorCode.ALREADY_ATTACHED,
          "container " + key.containerId() + " already has an interface " + key.interfaceName());
    }
    if (retiring.containsKey(key)) {
      throw new CniException(
          CniErrorCode.TRY_AGAIN, "the attachment " + key + " is still being removed");
    }
    if (ranges.isEmpty()) {
      throw new CniException(CniErrorCode.TRY_AGAIN, noRange());
    }
    List<Allocation> chosen = new ArrayList<>();
    for (IpAddress address : requested) {
      chosen.add(choose(address, chosen));
    }
    for (AddressFamily family : AddressFamily.values()) {
      if (hasRange(family) && !holds(chosen, family)) {
        chosen.add(choose(family));
      }
    }
    chosen.sort((a, b) -> a.address().compareTo(b.address()));
    Lease lease =
        new Lease(key, chosen.stream().map(Allocation::address).toList(), pod, podUid, options);
    try {
      journal.lease(lease);
    } catch (IOException e) {
      throw new CniException(
          CniErrorCode.IO_FAILURE,
          "the address lease cannot be recorded: " + e.getMessage() + "; is the disk full?",
          e);
    }
    take(lease);
    return List.copyOf(chosen);
  }

  private Allocation choose(IpAddress requested, List<Allocation> chosen) throws CniException {
    AddressRange range = rangeOf(requested);
    String refusal =
        range == null ? "is in none of the node's pod CIDRs" : range.refusal(requested);
    if (refusal == null && holds(chosen, requested.family())) {
      refusal = "is the second one of its family";
    }
    if (refusal != null || range == null) {
      throw new CniException(
          CniErrorCode.ADDRESS_UNAVAILABLE, "the requested address " + requested + " " + refusal);
    }
    return new Allocation(requested, range.cidr(), range.gateway());
  }

  private Allocation choose(AddressFamily family) throws CniException {
    for (AddressRange range : ranges) {
      IpAddress next = range.cidr().family() == family ? range.next() : null;
      if (next != null) {
        return new Allocation(next, range.cidr(), range.gateway());
      }
    }
    throw new CniException(CniErrorCode.TRY_AGAIN, exhausted(family));
  }

  private boolean hasRange(AddressFamily family) {
    return ranges.stream().anyMatch(range -> range.cidr().family() == family);
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

  private void take(Lease lease) {
    leases.put(lease.key(), lease);
    forEachRange(lease, AddressRange::take);
  }

  private void forEachRange(Lease lease, BiConsumer<AddressRange, IpAddress> action) {
    for (IpAddress address : lease.addresses()) {
      for (AddressRange range : known.values()) {
        if (range.cidr().contains(address)) {
          action.accept(range, address);
        }
      }
    }
  }

  /**
   * Records a lease that exists in the kernel but not here, as after a damaged journal. Addresses
   * that another attachment holds stay with it.
   */
  public synchronized void adopt(Lease lease) {
    if (!leases.containsKey(lease.key())) {
      record(() -> journal.lease(lease), "adopted");
      take(lease);
    }
  }

  /**
   * Takes the lease of {@code key} out of sight, as its attachment was asked to go; nobody gets its
   * addresses before {@link #release}. Never fails: at worst the record of it is lost with the
   * agent, and the next one finds the lease with or without an interface.
   *
   * @return the lease, or empty if there was none
   */
  public synchronized Optional<Lease> retire(AttachmentKey key) {
    Lease lease = leases.remove(key);
    if (lease != null) {
      retiring.put(key, lease);
      record(() -> journal.retire(key), "retired");
    }
    return Optional.ofNullable(lease);
  }

  /** Leases between {@link #retire} and {@link #release}, oldest first. */
  public synchronized List<Lease> retiring() {
    return List.copyOf(retiring.values());
  }

  /**
   * Ends the lease of {@code key}; its addresses go to the back of the queue. Never fails: at worst
   * the record of it is lost with the agent, and the next one finds the lease without an interface.
   *
   * @return the lease that ended, or empty if there was none
   */
  public synchronized Optional<Lease> release(AttachmentKey key) {
    Lease active = leases.remove(key);
    Lease lease = active == null ? retiring.remove(key) : active;
    if (lease == null) {
      return Optional.empty();
    }
    forEachRange(lease, AddressRange::release);
    record(() -> journal.release(lease), "released");
    if (journal.isMostlyHistory(leases.size() + retiring.size())) {
      List<IpAddress> released = new ArrayList<>();
      known.values().forEach(range -> released.addAll(range.released()));
      record(() -> journal.rewrite(leases.values(), retiring.values(), released), "compacted");
    }
    return Optional.of(lease);
  }

  /** A change of the journal that is worth a warning, not a failure. */
  private interface Recording {
    void run() throws IOException;
  }

  private static void record(Recording recording, String what) {
    try {
      recording.run();
    } catch (IOException e) {
      LOG.warn("The address leases could not be {} on disk; is it full?", what, e);
    }
  }

  /** The lease of {@code key}, if it has one. */
  public synchronized Optional<Lease> lease(AttachmentKey key) {
    return Optional.ofNullable(leases.get(key));
  }

  /** All leases, oldest first. */
  public synchronized List<Lease> leases() {
    return List.copyOf(leases.values());
  }

  /**
   * How full a pod CIDR is.
   *
   * @param size how many pods it has room for
   */
  public record Usage(Cidr range, IpAddress gateway, long used, long size) {}

  /** How full each pod CIDR is, in order of preference. */
  public synchronized List<Usage> usage() {
    return ranges.stream().map(r -> new Usage(r.cidr(), r.gateway(), r.used(), r.size())).toList();
  }

  /** Why {@link #allocate} would fail now, or empty if it would not. */
  public synchronized Optional<String> trouble() {
    if (ranges.isEmpty()) {
      return Optional.of(noRange());
    }
    for (AddressFamily family : AddressFamily.values()) {
      if (hasRange(family)
          && ranges.stream().noneMatch(r -> r.cidr().family() == family && r.next() != null)) {
        return Optional.of(exhausted(family));
      }
    }
    return Optional.empty();
  }

  private static String noRange() {
    return "this node has no pod CIDR yet; does the controller manager run with"
        + " --allocate-node-cidrs, and has the node's spec.podCIDRs a value?";
  }

  private String exhausted(AddressFamily family) {
    List<AddressRange> full = ranges.stream().filter(r -> r.cidr().family() == family).toList();
    long size = full.stream().mapToLong(AddressRange::size).sum();
    List<Cidr> cidrs = full.stream().map(AddressRange::cidr).toList();
    return size == 0
        ? "the pod CIDR " + cidrs + " has no room for a pod beside its gateway; assign a wider one"
        : "all " + size + " addresses of the pod CIDR " + cidrs + " are in use";
  }

  @Override
  public synchronized void close() throws IOException {
    journal.close();
  }
}
