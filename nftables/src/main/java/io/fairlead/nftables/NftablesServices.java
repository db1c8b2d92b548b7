package io.fairlead.nftables;

import static io.fairlead.nftables.BaseTable.TABLE;

import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.VirtualAddress;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the node's table: the base that every mode needs, and Services.
 *
 * <p>Changes are collected by {@link #update} and sent by {@link #commit} as one transaction that
 * costs what changed. The first commit, and each one after a failure or after somebody else touched
 * the table, reads the table once and sends only the difference. One thread at a time, except
 * {@link #distrust}, which any may call.
 */
public final class NftablesServices {

  private final NfTablesKernel kernel;
  private final AddressClaims claims = new AddressClaims();
  private final Set<VirtualAddress> dirty = new HashSet<>();
  private final AtomicBoolean trusted = new AtomicBoolean();
  private NodeNetwork network;
  private @Nullable ServiceState state;

  /** Touches nothing until the first commit. The caller keeps {@code kernel} and closes it. */
  public NftablesServices(NfTablesKernel kernel, NodeNetwork network) {
    this.kernel = kernel;
    this.network = network;
  }

  /** The table that is kept, and the only one that is ever changed. */
  public static TableName table() {
    return TABLE;
  }

  /** Takes over other networks, such as a pod CIDR that was assigned. */
  public void network(NodeNetwork current) {
    if (!network.equals(current)) {
      network = current;
      distrust();
    }
  }

  /** Takes over what a Service asks for; empty if it is gone. */
  public void update(ObjectKey service, Optional<ServiceFragment> fragment) {
    for (FrontendAddress address : claims.update(service, fragment.orElse(null)).addresses()) {
      if (address instanceof VirtualAddress virtual) {
        dirty.add(virtual);
      }
    }
  }

  /** The kernel's table may not be what was committed: the next commit looks. Thread-safe. */
  public void distrust() {
    trusted.set(false);
  }

  /** Whether the next commit has anything to do or to look after. */
  public boolean isPending() {
    return !dirty.isEmpty() || !trusted.get();
  }

  /**
   * Brings the table to what is wanted.
   *
   * @return the operations it took, in order; empty if everything was right
   * @throws IOException if the kernel refused: nothing has changed then, unless the answer was
   *     lost, and the next commit looks at what there is
   */
  public List<NfOperation> commit() throws IOException {
    ServiceState current = state;
    if (current == null || !trusted.get()) {
      return synchronize();
    }
    try {
      NfTransaction transaction = changes(current);
      kernel.commit(transaction);
      dirty.clear();
      return transaction.operations();
    } catch (IOException | RuntimeException e) {
      // The mirror is ahead of the kernel now.
      trusted.set(false);
      throw e;
    }
  }

  static @Nullable List<EndpointAddress> endpoints(AddressClaims claims, VirtualAddress address) {
    AddressClaims.Owner owner = claims.owner(address);
    return owner == null ? null : owner.port().inside(owner.frontend()).endpoints();
  }

  private NfTransaction changes(ServiceState current) {
    NfTransaction transaction = new NfTransaction();
    ElementChanges changes = new ElementChanges();
    for (VirtualAddress address : new TreeSet<>(dirty)) {
      transaction.addAll(current.change(address, endpoints(claims, address), changes));
    }
    return transaction.addAll(changes.removals()).addAll(changes.additions());
  }

  /**
   * Compares the whole table with what is wanted and repairs it.
   *
   * @return the operations it took; empty if everything was right
   */
  public List<NfOperation> audit() throws IOException {
    return synchronize();
  }

  private List<NfOperation> synchronize() throws IOException {
    // Before reading, so that a change during the reading is not overlooked.
    trusted.set(true);
    try {
      TableSync.Plan plan = TableSync.plan(kernel.dump(TABLE).orElse(null), network, claims);
      kernel.commit(plan.transaction());
      state = plan.state();
      dirty.clear();
      return plan.transaction().operations();
    } catch (IOException | RuntimeException e) {
      trusted.set(false);
      throw e;
    }
  }

  /** Addresses that more than one Service claims: the first by key has them. */
  public List<AddressClaims.Conflict> conflicts() {
    return claims.conflicts();
  }

  /** The number of Services. */
  public int services() {
    return claims.services();
  }

  /** The number of virtual addresses in the kernel. */
  public int virtualAddresses() {
    ServiceState current = state;
    return current == null ? 0 : current.size();
  }

  /**
   * Removes the table, and with it all that fairlead ever put into nf_tables.
   *
   * @return whether there was one
   */
  public static boolean cleanup(NfTablesKernel kernel) throws IOException {
    boolean present = kernel.tables().stream().anyMatch(table -> table.name().equals(TABLE));
    if (present) {
      kernel.commit(NfTransaction.of(new NfOperation.DeleteTable(TABLE)));
    }
    return present;
  }
}
