package io.fairlead.ipvs.companion;

import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.TableSnapshot;
import io.fairlead.dataplane.service.LocalPods;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.dataplane.table.ElementChanges;
import io.fairlead.dataplane.table.ElementSink;
import io.fairlead.dataplane.table.OperationTexts;
import io.fairlead.dataplane.table.PresentElements;
import io.fairlead.dataplane.table.ShapeRepair;
import io.fairlead.dataplane.table.StrayChains;
import io.fairlead.dataplane.table.TableShape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the table that stands beside IPVS. What changes goes to the kernel in two transactions with
 * IPVS's own changes between them: what is new is in force before there is traffic for it, and what
 * goes stays until there is none any more.
 *
 * <p>At the start and after anything went wrong: {@link #read}, then {@link #synchronize}, then
 * {@link #commitRemovals}. From then on {@link #treat} and {@link #hairpin}, then {@link
 * #commitAdditions} and {@link #commitRemovals}, which cost what changed. After any exception, and
 * after {@link #settings}, the table has to be synchronized again. One thread at a time.
 */
public final class CompanionTable {

  /**
   * So many elements are added at once to a new table: while a transaction is committed, nobody
   * else can change anything in the kernel's nf_tables.
   */
  private static final int CHUNK = 5_000;

  private final NfTablesKernel kernel;
  private final ElementChanges changes = new ElementChanges();
  private ServiceSettings settings;
  private List<IpAddress> own = List.of();
  private CompanionState state = new CompanionState();
  private @Nullable Reading reading;

  /** What was read; null inside if there was no table. */
  private record Reading(@Nullable TableSnapshot snapshot) {}

  /** Touches nothing yet. The caller keeps {@code kernel} and closes it. */
  public CompanionTable(NfTablesKernel kernel, ServiceSettings settings) {
    this.kernel = kernel;
    this.settings = settings;
  }

  /** The table that is kept, and the only one that is ever changed. */
  public static TableName table() {
    return CompanionSets.TABLE;
  }

  /** Takes over settings, which the next {@link #synchronize} brings to the kernel. */
  public void settings(ServiceSettings current) {
    settings = current;
  }

  /**
   * Takes over the node's own addresses, which are not dropped where the service CIDRs contain them
   * by mistake.
   *
   * @return whether the table has to be synchronized for that
   */
  public boolean own(Collection<IpAddress> addresses) {
    List<Cidr> before = serviceNetworks();
    own = List.copyOf(addresses);
    return !serviceNetworks().equals(before);
  }

  /**
   * Treats new connections to an address so from the next commit on.
   *
   * @param wanted null if no Service has the address
   */
  public void treat(VirtualAddress address, @Nullable AddressTreatment wanted) {
    state.treat(address, wanted, changes);
  }

  /**
   * Counts who may send an endpoint to itself.
   *
   * @param endpoint one that may be on this node
   * @param difference how many more, or less, lead to it than before
   */
  public void hairpin(IpAddress endpoint, int difference) {
    state.hairpin(endpoint, difference, changes);
  }

  /**
   * Makes what is new or different; what only goes stays.
   *
   * @return what it took; empty if there was nothing to do
   * @throws IOException if the kernel refused
   */
  public List<String> commitAdditions() throws IOException {
    List<String> texts =
        commit(new NfTransaction().addAll(changes.replacedRemovals()).addAll(changes.additions()));
    changes.keepPureRemovals();
    return texts;
  }

  /**
   * Removes what has gone.
   *
   * @return what it took; empty if there was nothing to do
   * @throws IOException if the kernel refused
   */
  public List<String> commitRemovals() throws IOException {
    List<String> texts = commit(new NfTransaction().addAll(changes.pureRemovals()));
    changes.forgetPureRemovals();
    return texts;
  }

  /**
   * What the table has of an address now, compared with what was asked for.
   *
   * @param endpoints those of the address that may be on this node
   * @throws IOException if the kernel could not be read
   */
  public List<KernelObject> evidence(VirtualAddress address, List<IpAddress> endpoints)
      throws IOException {
    return CompanionEvidence.read(kernel, address, state.treatment(address), endpoints);
  }

  private List<String> commit(NfTransaction transaction) throws IOException {
    if (transaction.isEmpty()) {
      return List.of();
    }
    kernel.commit(transaction);
    return new OperationTexts(transaction.operations());
  }

  /**
   * Reads the table as it is now, and remembers it for {@link #synchronize}.
   *
   * @throws IOException if the kernel could not be read
   */
  public Found read() throws IOException {
    Reading current = new Reading(kernel.dump(CompanionSets.TABLE).orElse(null));
    reading = current;
    return Found.in(current.snapshot());
  }

  /** Whether {@link #read} found no table, and it was not made since. */
  public boolean isNew() {
    return reading != null && reading.snapshot() == null;
  }

  /**
   * Brings the table from what was read (now, unless {@link #read} was called since the last time)
   * to what is wanted, except for elements that only have to go: these follow with {@link
   * #commitRemovals}. A table that is right needs no operation.
   *
   * <p>Chains and rules that differ are changed in one transaction with all elements, so that no
   * packet meets half of each.
   *
   * @param wanted how all addresses are treated; replaces what was asked for until now
   * @param hairpins endpoints that may be on this node, with how many lead to each
   * @return what it took; empty if there was nothing to do
   * @throws IOException if the kernel refused
   */
  public List<String> synchronize(
      Map<VirtualAddress, AddressTreatment> wanted, Map<IpAddress, Integer> hairpins)
      throws IOException {
    if (reading == null) {
      var _ = read();
    }
    TableSnapshot snapshot = reading == null ? null : reading.snapshot();
    reading = null;
    changes.clear();
    state = new CompanionState();
    TableShape shape = CompanionRules.shape(settings);
    List<NfOperation> before = new ArrayList<>();
    if (snapshot != null && ShapeRepair.isOfAnotherShape(snapshot, shape)) {
      // Made by another version: replaced within the transaction, so that no packet notices.
      before.add(new NfOperation.DeleteTable(CompanionSets.TABLE));
      snapshot = null;
    }
    ShapeRepair repair = new ShapeRepair(shape);
    boolean isNew = snapshot == null && before.isEmpty();
    if (snapshot == null) {
      before.addAll(repair.create());
    } else {
      repair.compare(snapshot);
      before.addAll(repair.before());
    }
    List<String> texts = new ArrayList<>();
    PresentElements present = new PresentElements(snapshot, shape.sets(), changes);
    addNetworks(present);
    hairpins.forEach((endpoint, count) -> state.hairpin(endpoint, count, present));
    // In order, so that what is done is the same each time.
    for (Map.Entry<VirtualAddress, AddressTreatment> entry : new TreeMap<>(wanted).entrySet()) {
      state.treat(entry.getKey(), entry.getValue(), present);
      // In a table that is there, what goes is known at the end, and may be in the way until then.
      if (isNew && changes.size() >= CHUNK) {
        flush(before, List.of(), texts);
        before = List.of();
      }
    }
    present.removeLeftovers();
    flush(before, repair.after(), texts);
    return texts;
  }

  private void flush(List<NfOperation> before, List<NfOperation> after, List<String> texts)
      throws IOException {
    NfTransaction transaction =
        new NfTransaction()
            .addAll(before)
            .addAll(changes.replacedRemovals())
            .addAll(after)
            .addAll(changes.additions());
    if (!transaction.isEmpty()) {
      StrayChains.commit(kernel, transaction);
    }
    transaction.operations().forEach(operation -> texts.add(OperationTexts.brief(operation)));
    changes.keepPureRemovals();
  }

  private void addNetworks(ElementSink sink) {
    for (AddressFamily family : AddressFamily.values()) {
      CompanionSets sets = CompanionSets.of(family);
      addNetworks(sets.serviceCidrs(), family, serviceNetworks(), sink);
      if (settings.localPods() instanceof LocalPods.Networks pods) {
        addNetworks(sets.detectedPods(), family, pods.cidrs(), sink);
      }
    }
  }

  private List<Cidr> serviceNetworks() {
    return ServiceNetworks.without(own, settings.serviceCidrs());
  }

  private static void addNetworks(
      NfSet set, AddressFamily family, List<Cidr> networks, ElementSink sink) {
    Cidr.disjoint(networks.stream().filter(cidr -> cidr.family() == family).toList())
        .forEach(cidr -> sink.add(set, SetElement.of(cidr)));
  }

  /**
   * Removes the table, and with it the memory of which virtual servers are fairlead's.
   *
   * @return whether there was one
   */
  public static boolean cleanup(NfTablesKernel kernel) throws IOException {
    boolean present = kernel.tables().stream().anyMatch(table -> table.name().equals(table()));
    if (present) {
      kernel.commit(NfTransaction.of(new NfOperation.DeleteTable(CompanionSets.TABLE)));
    }
    return present;
  }
}
