package io.fairlead.nftables;

import static io.fairlead.nftables.BaseTable.TABLE;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.evidence.TableComparison;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.RecordingNfTables;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.TableSnapshot;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.ServiceBackend;
import io.fairlead.dataplane.service.ServiceChange;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.table.ElementChanges;
import io.fairlead.dataplane.table.OperationTexts;
import io.fairlead.dataplane.table.StrayChains;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
public final class NftablesServices implements ServiceBackend {

  private final NfTablesKernel kernel;
  private final AddressClaims claims;

  /** Sorted: a hash table would stay as large as the first sync made it, and each use cost that. */
  private final Set<FrontendAddress> dirty = new TreeSet<>();

  private final AffinityFollowUp followUp = new AffinityFollowUp();
  private final AtomicBoolean trusted = new AtomicBoolean();
  private NodeNetwork network;
  private ServiceSettings settings;
  private boolean serving = true;
  private @Nullable ServiceState state;

  /**
   * Touches nothing until the first commit. The caller keeps {@code kernel} and closes it; it keeps
   * {@code claims}, too, and tells of all that changes in them.
   */
  public NftablesServices(
      NfTablesKernel kernel, AddressClaims claims, NodeNetwork network, ServiceSettings settings) {
    this.kernel = kernel;
    this.claims = claims;
    this.network = network;
    this.settings = settings;
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

  @Override
  public void settings(ServiceSettings current) {
    if (!settings.equals(current)) {
      settings = current;
      distrust();
    }
  }

  /**
   * Whether the table has Services, or else only the base that every mode needs. The next commit
   * changes from one to the other within one transaction; connections that exist go on.
   */
  public void serve(boolean services) {
    if (serving != services) {
      serving = services;
      distrust();
    }
  }

  @Override
  public void update(ServiceChange change) {
    if (serving) {
      dirty.addAll(change.addresses());
    }
  }

  @Override
  public void distrust() {
    trusted.set(false);
  }

  @Override
  public boolean isPending() {
    return !dirty.isEmpty() || !trusted.get();
  }

  @Override
  public List<String> commit() throws IOException {
    ServiceState current = state;
    if (current == null || !trusted.get()) {
      return synchronize();
    }
    try {
      NfTransaction transaction = changes(current);
      kernel.commit(transaction);
      dirty.clear();
      return new OperationTexts(transaction.operations());
    } catch (IOException | RuntimeException e) {
      // The mirror is ahead of the kernel now.
      trusted.set(false);
      throw e;
    }
  }

  private NfTransaction changes(ServiceState current) {
    NfTransaction transaction = new NfTransaction();
    ElementChanges changes = new ElementChanges();
    for (FrontendAddress address : dirty) {
      AddressClaims.Owner owner = claims.owner(address);
      Treatment wanted = owner == null ? null : Treatment.of(address, owner);
      followUp.note(address, current.treatment(address), wanted);
      transaction.addAll(current.change(address, wanted, changes));
    }
    return transaction.addAll(changes.removals()).addAll(changes.additions());
  }

  @Override
  public List<String> audit() throws IOException {
    return synchronize();
  }

  /**
   * What would have to change in the table for Services as {@code wanted}. Changes nothing, and
   * costs what {@link #audit} does.
   *
   * @param networks what the node's networks are to be then
   * @throws IOException if the table could not be read
   */
  public Comparison compare(
      AddressClaims wanted, NodeNetwork networks, ServiceSettings wantedSettings)
      throws IOException {
    RecordingNfTables recording = new RecordingNfTables(kernel);
    NftablesServices fresh = new NftablesServices(recording, wanted, networks, wantedSettings);
    fresh.serve(serving);
    var _ = fresh.audit();
    return TableComparison.of(TABLE, recording);
  }

  private List<String> synchronize() throws IOException {
    // Before reading, so that a change during the reading is not overlooked.
    trusted.set(true);
    try {
      TableSnapshot snapshot = kernel.dump(TABLE, new SlotKeys()).orElse(null);
      TableSync.Wanted wanted = new TableSync.Wanted(network, serving ? settings : null, claims);
      List<String> texts = new ArrayList<>();
      state = null;
      state = TableSync.run(snapshot, wanted, transaction -> commit(transaction, texts));
      if (snapshot != null && serving) {
        followUp.noteEverything();
      }
      dirty.clear();
      return texts;
    } catch (IOException | RuntimeException e) {
      trusted.set(false);
      throw e;
    }
  }

  private void commit(NfTransaction transaction, List<String> texts) throws IOException {
    StrayChains.commit(kernel, transaction);
    transaction.operations().forEach(operation -> texts.add(OperationTexts.brief(operation)));
  }

  /** Reduces the table to the base. */
  @Override
  public void remove() throws IOException {
    serve(false);
    commit();
  }

  /** Does nothing: the caller closes the kernel. */
  @Override
  public void close() {}

  /** Whether {@link #followUp} has something to do. */
  public boolean hasFollowUp() {
    return state != null && !followUp.isEmpty();
  }

  /**
   * Does what a commit left behind because it takes longer and may wait until there is nothing else
   * to do: clients that remember endpoints that are gone are forgotten.
   *
   * @return what it took
   * @throws IOException if the kernel refused; it may be called again
   */
  public List<String> followUp() throws IOException {
    ServiceState current = state;
    return current == null || !serving ? List.of() : followUp.run(kernel, current);
  }

  /**
   * What the kernel has counted for each Service since its address was added. Reads all of it: for
   * when somebody asks.
   */
  public ServiceCounters counters() throws IOException {
    return serving && state != null ? ServiceCounters.read(kernel) : ServiceCounters.NONE;
  }

  @Override
  public List<KernelObject> evidence(FrontendAddress address) throws IOException {
    ServiceState current = state;
    return current == null || !serving
        ? List.of()
        : ServiceEvidence.read(kernel, address, network, current.treatment(address));
  }

  /**
   * What decides in every mode whose source address is replaced, as the kernel has it now: rules,
   * and the networks that they ask for.
   *
   * @throws IOException if the kernel cannot be read
   */
  public List<KernelObject> baseEvidence(AddressFamily family) throws IOException {
    return BaseEvidence.read(kernel, family, network, serving ? settings : null);
  }

  /** The number of virtual addresses and node ports in the kernel. */
  public int frontends() {
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
