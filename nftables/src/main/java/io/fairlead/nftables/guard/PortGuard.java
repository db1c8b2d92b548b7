package io.fairlead.nftables.guard;

import static io.fairlead.nftables.guard.GuardTable.TABLE;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.TableComparison;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.nftables.NfCounter;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.TableSnapshot;
import io.fairlead.dataplane.sys.Errno;
import io.fairlead.dataplane.table.ElementChanges;
import io.fairlead.dataplane.table.OperationTexts;
import java.io.IOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Keeps the table that has pods send as themselves. A change is one transaction of a few elements,
 * whatever there is; the first one, and each one after a failure or after somebody else touched the
 * table, reads the table once and sends only the difference. Nothing is touched before {@link
 * #restore}: until then it is not known whose ports those in the kernel are. Thread-safe.
 */
public final class PortGuard {

  private final NfTablesKernel kernel;
  private final GuardState state = new GuardState();
  private final ElementChanges changes = new ElementChanges();
  private final AtomicBoolean trusted = new AtomicBoolean();
  private boolean restored;
  private String unsupported = "";

  /** The caller keeps {@code kernel}, uses it for nothing else, and closes it. */
  public PortGuard(NfTablesKernel kernel) {
    this.kernel = kernel;
  }

  /** The table that is kept, and the only one that is ever changed. */
  public static TableName table() {
    return TABLE;
  }

  /**
   * Guards just these ports, with the fewest operations.
   *
   * @throws IOException if the kernel refuses; the next change tries it again
   */
  public synchronized void restore(Collection<GuardedPort> ports) throws IOException {
    state.replacePorts(ports);
    restored = true;
    distrust();
    commit();
  }

  /**
   * Guards a port, from before it exists.
   *
   * @throws IOException if the kernel refuses; then the port is not guarded, and not remembered
   */
  public synchronized void add(GuardedPort port) throws IOException {
    state.add(port, changes);
    try {
      commit();
    } catch (IOException e) {
      state.remove(port.link(), changes);
      throw e;
    }
  }

  /**
   * Guards a port no longer; unknown ones are ignored.
   *
   * @throws IOException if the kernel refuses; the next change tries it again
   */
  public synchronized void remove(String link) throws IOException {
    state.remove(link, changes);
    commit();
  }

  /**
   * Takes over where pods have their addresses, those of all nodes: there, a port takes its own
   * addresses only.
   *
   * @throws IOException if the kernel refuses; the next change tries it again
   */
  public synchronized void networks(List<Cidr> networks) throws IOException {
    state.networks(networks, changes);
    commit();
  }

  /**
   * Has ports with some addresses send from no others, whether they are in the pods' networks or
   * not; and those with others not any more. Addresses that nobody has yet are remembered.
   *
   * @throws IOException if the kernel refuses; the next change tries it again
   */
  public synchronized void confine(Set<IpAddress> confined, Set<IpAddress> others)
      throws IOException {
    state.confine(others, false, changes);
    state.confine(confined, true, changes);
    commit();
  }

  /** The kernel may not hold what was committed: the next commit looks. */
  public void distrust() {
    trusted.set(false);
  }

  /** Why no port is guarded on this kernel, as a sentence; empty if they are. */
  public synchronized Optional<String> trouble() {
    return unsupported.isEmpty() ? Optional.empty() : Optional.of(unsupported);
  }

  /**
   * Brings the kernel to what is wanted.
   *
   * @return what it took, in order; empty if everything was right
   * @throws IOException if the kernel refused; the next commit looks at what there is
   */
  public synchronized List<String> commit() throws IOException {
    if (!restored || !unsupported.isEmpty()) {
      changes.clear();
      return List.of();
    }
    if (!trusted.get()) {
      return synchronizeTable();
    }
    NfTransaction transaction =
        new NfTransaction().addAll(changes.removals()).addAll(changes.additions());
    changes.clear();
    try {
      kernel.commit(transaction);
    } catch (NetlinkException e) {
      // The kernel has something else than was committed.
      return synchronizeTable();
    } catch (IOException | RuntimeException e) {
      distrust();
      throw e;
    }
    return new OperationTexts(transaction.operations());
  }

  /** Compares all of the table with what is wanted and repairs it; returns what it took. */
  public synchronized List<String> audit() throws IOException {
    distrust();
    return commit();
  }

  private List<String> synchronizeTable() throws IOException {
    // Before reading, so that a change during the reading is not overlooked.
    trusted.set(true);
    changes.clear();
    try {
      NfTransaction transaction = GuardSync.transaction(kernel.dump(TABLE).orElse(null), state);
      kernel.commit(transaction);
      return new OperationTexts(transaction.operations());
    } catch (NetlinkException e) {
      distrust();
      if (!lacksFamily(e)) {
        throw e;
      }
      unsupported =
          "this kernel has no nf_tables for bridges (CONFIG_NF_TABLES_BRIDGE), so pods with the"
              + " capability NET_RAW can send as others";
      return List.of();
    } catch (IOException | RuntimeException e) {
      distrust();
      throw e;
    }
  }

  /**
   * What would have to change in the table for it to be right. Changes nothing. On a kernel that
   * cannot do it, and before {@link #restore}, there is nothing to compare.
   *
   * @throws IOException if the table could not be read
   */
  public synchronized Comparison compare() throws IOException {
    if (!restored || !unsupported.isEmpty()) {
      return Comparison.NOTHING;
    }
    TableSnapshot snapshot = kernel.dump(TABLE).orElse(null);
    return TableComparison.of(TABLE, snapshot, GuardSync.transaction(snapshot, state).operations());
  }

  /** Without the family there are no tables of it, or its base chains have no type. */
  private static boolean lacksFamily(NetlinkException refusal) {
    return refusal.isUnsupported()
        || (refusal.errno() == Errno.ENOENT && refusal.operation().startsWith("add chain"));
  }

  /** Frames that were dropped, by the reason; reads the kernel's counters. */
  public synchronized Map<DropReason, Long> dropped() throws IOException {
    Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
    if (!restored || !unsupported.isEmpty()) {
      return dropped;
    }
    for (NfCounter counter : kernel.counters(TABLE)) {
      for (DropReason reason : DropReason.values()) {
        if (reason.text().equals(counter.name())) {
          dropped.put(reason, counter.packets());
        }
      }
    }
    return dropped;
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
