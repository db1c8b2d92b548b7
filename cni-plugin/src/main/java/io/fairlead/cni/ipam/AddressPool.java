package io.fairlead.cni.ipam;

import io.fairlead.cni.attachment.AddressRequest;
import io.fairlead.cni.attachment.AttachmentOptions;
import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniErrorCode;
import io.fairlead.cni.protocol.CniException;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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

  /** Held by containers that were attached before there was fairlead. */
  private final Map<IpAddress, ImportedLease> imported = new LinkedHashMap<>();

  private final PodRanges ranges;

  private AddressPool(LeaseJournal.Recovered recovered) {
    journal = recovered.journal();
    leases = new LinkedHashMap<>(recovered.leases());
    retiring = new LinkedHashMap<>(recovered.retiring());
    ranges = new PodRanges(recovered.released());
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
    ranges.configure(cidrs, taken());
  }

  /**
   * Sets what is never handed out beside the gateways, in whatever pod CIDR: the addresses that the
   * bridge has, such as the gateway of a former pod CIDR, which its pods use until they go.
   */
  public synchronized void keep(Set<IpAddress> addresses) {
    ranges.keep(addresses);
  }

  private List<IpAddress> taken() {
    List<IpAddress> taken = new ArrayList<>(imported.keySet());
    leases.values().forEach(lease -> taken.addAll(lease.addresses()));
    retiring.values().forEach(lease -> taken.addAll(lease.addresses()));
    return taken;
  }

  /**
   * Leases one address of each family that has a pod CIDR, or none at all.
   *
   * @param pod "namespace/name" for {@link Lease#pod}
   * @param podUid for {@link Lease#podUid}
   * @param options for {@link Lease#options}
   * @return IPv4 first
   * @throws CniException TRY_AGAIN without a pod CIDR or a free address, or while a former
   *     attachment of that key retires, ADDRESS_UNAVAILABLE if what is requested cannot be had,
   *     ALREADY_ATTACHED if {@code key} has a lease, IO_FAILURE if the lease cannot be recorded
   */
  public synchronized List<Allocation> allocate(
      AttachmentKey key,
      AddressRequest request,
      @Nullable String pod,
      String podUid,
      AttachmentOptions options)
      throws CniException {
    List<Allocation> chosen = choose(key, request);
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
    return chosen;
  }

  private List<Allocation> choose(AttachmentKey key, AddressRequest request) throws CniException {
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
    return ranges.choose(request);
  }

  private void take(Lease lease) {
    leases.put(lease.key(), lease);
    lease.addresses().forEach(ranges::take);
  }

  /**
   * Records a lease that exists in the kernel but not here, as after a damaged journal. Addresses
   * that another attachment holds stay with it; a lease that retires goes on retiring.
   */
  public synchronized void adopt(Lease lease) {
    if (!leases.containsKey(lease.key()) && !retiring.containsKey(lease.key())) {
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
    lease.addresses().forEach(ranges::release);
    record(() -> journal.release(lease), "released");
    if (journal.isMostlyHistory(leases.size() + retiring.size())) {
      record(
          () -> journal.rewrite(leases.values(), retiring.values(), ranges.released()),
          "compacted");
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

  /** How many leases there are; costs the same however many. */
  public synchronized int size() {
    return leases.size();
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
    return ranges.usage();
  }

  /**
   * Keeps these addresses from being handed out, and none that it was told of before and that is
   * not among these.
   */
  public synchronized void hold(Collection<ImportedLease> present) {
    Map<IpAddress, ImportedLease> next = new LinkedHashMap<>();
    present.forEach(lease -> next.put(lease.address(), lease));
    for (IpAddress address : next.keySet()) {
      if (!imported.containsKey(address)) {
        ranges.take(address);
      }
    }
    for (IpAddress address : imported.keySet()) {
      if (!next.containsKey(address)) {
        ranges.release(address);
      }
    }
    imported.clear();
    imported.putAll(next);
  }

  /** Free addresses that were in use; of each range the one that was released first goes first. */
  public synchronized List<IpAddress> released() {
    return ranges.released().stream().distinct().toList();
  }

  /** What {@link #hold} was told of last. */
  public synchronized List<ImportedLease> imported() {
    return List.copyOf(imported.values());
  }

  /**
   * Why {@link #allocate} would fail now, or empty if it would not. That all addresses are in use
   * is no trouble while some of them are about to become free.
   */
  public synchronized Optional<String> trouble() {
    if (ranges.isEmpty()) {
      return Optional.of(noRange());
    }
    return retiring.isEmpty() ? ranges.trouble() : Optional.empty();
  }

  private static String noRange() {
    return "this node has no pod CIDR yet; does the controller manager run with"
        + " --allocate-node-cidrs, and has the node's spec.podCIDRs a value?";
  }

  @Override
  public synchronized void close() throws IOException {
    journal.close();
  }
}
