package io.fairlead.nftables.hostport;

import static io.fairlead.nftables.hostport.HostPortSets.TABLE;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.TableComparison;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.TableSnapshot;
import io.fairlead.dataplane.table.ElementChanges;
import io.fairlead.dataplane.table.OperationTexts;
import io.fairlead.dataplane.table.StrayChains;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the table of host ports. A change is one transaction of a few elements, however many host
 * ports there are; the first call, and each one after a failure or after somebody else touched the
 * table, reads the table once and sends only the difference.
 *
 * <p>Thread-safe: one lock is held while the kernel is asked, which takes well under a millisecond
 * but for a table that is read anew. {@link #remove}, {@link #size} and {@link #distrust} wait for
 * nobody.
 */
public final class NftablesHostPorts {

  private final ReentrantLock lock = new ReentrantLock();
  private final NfTablesKernel kernel;
  private final HostPortSettings settings;
  private final PortChangeListener listener;
  private final PortClaims claims = new PortClaims();
  private final AtomicBoolean trusted = new AtomicBoolean();
  private volatile int size;

  /** Who has host ports and was not asked to let go of them. */
  private final Set<String> owners = ConcurrentHashMap.newKeySet();

  /** Whose claims are to be released by whoever has the lock next. */
  private final Queue<String> leaving = new ConcurrentLinkedQueue<>();

  /** Released, and not yet told to the kernel; guarded by the lock. */
  private final List<PortClaims.Held> departed = new ArrayList<>();

  /**
   * Touches nothing yet.
   *
   * @param kernel used by nobody else; the caller closes it
   */
  public NftablesHostPorts(
      NfTablesKernel kernel, HostPortSettings settings, PortChangeListener listener) {
    this.kernel = kernel;
    this.settings = settings;
    this.listener = listener;
  }

  /** The table that is kept, and the only one that is ever changed. */
  public static TableName table() {
    return TABLE;
  }

  /** What {@link #restore} did. */
  public record Restored(List<String> operations, List<PortTakenException> conflicts) {

    public Restored {
      operations = List.copyOf(operations);
      conflicts = List.copyOf(conflicts);
    }
  }

  /**
   * Brings the kernel to just these host ports, with the fewest operations. Of two owners that are
   * in each other's way the first one gets what it asks for, and the other nothing.
   *
   * @throws IOException if the kernel refused; what is wanted is remembered for {@link #repair}
   */
  public Restored restore(Map<PortOwner, List<PortForward>> wanted) throws IOException {
    lock.lock();
    try {
      takeUpLeaving();
      claims.all().forEach(held -> claims.release(held.owner().key()));
      List<PortTakenException> conflicts = new ArrayList<>();
      wanted.forEach((owner, forwards) -> {
        try {
          claims.claim(owner, forwards);
        } catch (PortTakenException e) {
          conflicts.add(e);
        }
      });
      owners.clear();
      claims.all().forEach(held -> owners.add(held.owner().key()));
      return new Restored(synchronize(), conflicts);
    } finally {
      size = claims.size();
      lock.unlock();
    }
  }

  /**
   * Puts the owner's host ports in force, all of them or none.
   *
   * @throws PortTakenException if somebody else has one
   * @throws IOException if the kernel refused
   */
  public void add(PortOwner owner, List<PortForward> forwards)
      throws PortTakenException, IOException {
    lock.lock();
    try {
      takeUpLeaving();
      List<PortClaims.Held> former = claims.of(owner.key());
      claims.claim(owner, forwards);
      if (!forwards.isEmpty()) {
        owners.add(owner.key());
      }
      try {
        commit(former, claims.of(owner.key()));
      } catch (IOException | RuntimeException e) {
        claims.release(owner.key());
        owners.remove(owner.key());
        throw e;
      }
    } finally {
      size = claims.size();
      lock.unlock();
    }
  }

  /**
   * Lets go of the owner's host ports: others may have them at once. The kernel is told by the next
   * {@link #add} or {@link #repair}, of all that have gone until then together, since whoever
   * removes a pod need not wait for it, nor for what the kernel is being told. Unknown ones are
   * ignored.
   *
   * @return whether there is something for {@link #repair} to do
   */
  public boolean remove(String key) {
    return owners.remove(key) && leaving.add(key);
  }

  /** Releases the claims of those who left; under the lock. */
  private void takeUpLeaving() {
    for (String key = leaving.poll(); key != null; key = leaving.poll()) {
      departed.addAll(claims.release(key));
    }
  }

  private static Set<IpAddress> pods(List<PortClaims.Held> held) {
    Set<IpAddress> pods = new HashSet<>();
    held.forEach(each -> pods.add(each.forward().pod()));
    return pods;
  }

  private void commit(List<PortClaims.Held> former, List<PortClaims.Held> current)
      throws IOException {
    List<PortClaims.Held> gone = new ArrayList<>(former);
    gone.addAll(departed);
    departed.clear();
    try {
      if (trusted.get()) {
        commitElements(gone, current);
      } else {
        synchronize();
      }
    } catch (IOException | RuntimeException e) {
      trusted.set(false); // What departed is found by looking at the table.
      throw e;
    }
    tell(forwards(gone), forwards(current));
  }

  private void commitElements(List<PortClaims.Held> gone, List<PortClaims.Held> current)
      throws IOException {
    ElementChanges changes = new ElementChanges();
    gone.forEach(
        held -> changes.remove(HostPortSets.map(held.forward().at()), HostPortElements.of(held)));
    pods(gone).forEach(pod -> HostPortSets.of(pod.family()).pod(pod, false, changes));
    current.forEach(
        held -> changes.add(HostPortSets.map(held.forward().at()), HostPortElements.of(held)));
    pods(current).forEach(pod -> HostPortSets.of(pod.family()).pod(pod, true, changes));
    if (changes.size() == 0) {
      return;
    }
    try {
      kernel.commit(new NfTransaction().addAll(changes.removals()).addAll(changes.additions()));
    } catch (NetlinkException e) {
      // The kernel has something else than was committed: somebody was faster than the events.
      synchronize();
    }
  }

  private static Set<PortForward> forwards(List<PortClaims.Held> held) {
    Set<PortForward> forwards = new HashSet<>();
    held.forEach(each -> forwards.add(each.forward()));
    return forwards;
  }

  private void tell(Set<PortForward> removed, Set<PortForward> added) {
    Set<PortForward> gone = new HashSet<>(removed);
    gone.removeAll(added);
    Set<PortForward> fresh = new HashSet<>(added);
    fresh.removeAll(removed);
    if (!gone.isEmpty() || !fresh.isEmpty()) {
      listener.changed(gone, fresh);
    }
  }

  /** The kernel may not hold what was committed: the next call looks. Waits for nobody. */
  public void distrust() {
    trusted.set(false);
  }

  /**
   * Takes away what has departed, and looks at the table and repairs it if there is reason to.
   *
   * @return what the repair took
   */
  public List<String> repair() throws IOException {
    lock.lock();
    try {
      takeUpLeaving();
      if (!trusted.get()) {
        return synchronize();
      }
      if (!departed.isEmpty()) {
        commit(List.of(), List.of());
      }
      return List.of();
    } finally {
      size = claims.size();
      lock.unlock();
    }
  }

  private List<String> synchronize() throws IOException {
    // Before reading, so that a change during the reading is not overlooked.
    trusted.set(true);
    departed.clear();
    try {
      TableSnapshot snapshot = kernel.dump(TABLE).orElse(null);
      HostPortSync sync = HostPortSync.of(snapshot, claims.all(), settings);
      if (!sync.transaction().isEmpty()) {
        StrayChains.commit(kernel, sync.transaction());
      }
      tell(sync.removed(), sync.added());
      return List.copyOf(new OperationTexts(sync.transaction().operations()));
    } catch (IOException | RuntimeException e) {
      trusted.set(false);
      throw e;
    }
  }

  /**
   * What would have to change in the table for it to be right. Changes nothing; what was let go of
   * and is still to be taken away is right to be there.
   *
   * @throws IOException if the table could not be read
   */
  public Comparison compare() throws IOException {
    lock.lock();
    try {
      TableSnapshot snapshot = kernel.dump(TABLE).orElse(null);
      List<PortClaims.Held> held = new ArrayList<>(claims.all());
      held.addAll(departed);
      List<NfOperation> operations =
          HostPortSync.of(snapshot, held, settings).transaction().operations();
      return TableComparison.of(TABLE, snapshot, operations);
    } finally {
      lock.unlock();
    }
  }

  /**
   * How many ports of the node lead to pods, whatever their addresses; those that were let go of
   * count until the kernel is told. Waits for nobody.
   */
  public int size() {
    return size;
  }

  /** Removes the table; returns whether there was one. */
  public static boolean cleanup(NfTablesKernel kernel) throws IOException {
    boolean present = kernel.tables().stream().anyMatch(table -> table.name().equals(TABLE));
    if (present) {
      kernel.commit(NfTransaction.of(new NfOperation.DeleteTable(TABLE)));
    }
    return present;
  }
}
