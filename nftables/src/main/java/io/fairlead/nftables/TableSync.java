package io.fairlead.nftables;

import static io.fairlead.nftables.BaseTable.TABLE;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.ObjectKey;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableSnapshot;
import io.fairlead.dataplane.service.AddressClaims;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.LocalPods;
import io.fairlead.dataplane.service.ServiceFragment;
import io.fairlead.dataplane.service.ServiceSettings;
import io.fairlead.dataplane.table.ElementChanges;
import io.fairlead.dataplane.table.PresentElements;
import io.fairlead.dataplane.table.ShapeRepair;
import io.fairlead.dataplane.table.TableShape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings all of the table to what it should be. What is right stays untouched: a table that is
 * right altogether needs no operation.
 *
 * <p>A table whose chains and rules have to be changed is changed in one transaction, so that no
 * packet meets half of each. Elements alone, and a table that is new, go in several transactions of
 * whole Services, the important ones first: while one is committed, nobody else can change anything
 * in the kernel's nf_tables.
 */
final class TableSync {

  /** So many elements are changed at once, if there is a choice. */
  private static final int CHUNK = 5_000;

  private static final ObjectKey API_SERVER = new ObjectKey("default", "kubernetes");
  private static final int DNS = 53;

  /** What the table is to be. */
  record Wanted(NodeNetwork network, @Nullable ServiceSettings services, AddressClaims claims) {}

  /** Takes transactions that are complete. */
  interface Committer {
    void commit(NfTransaction transaction) throws IOException;
  }

  private final Wanted wanted;
  private final Committer committer;
  private final ServiceState state;
  private final ElementChanges changes = new ElementChanges();
  private final PresentElements present;
  private final List<NfOperation> first = new ArrayList<>();
  private final List<NfOperation> chains = new ArrayList<>();
  private final List<NfOperation> afterRemovals = new ArrayList<>();

  private TableSync(
      @Nullable TableSnapshot snapshot, Wanted wanted, TableShape shape, Committer committer) {
    this.wanted = wanted;
    this.committer = committer;
    this.state = new ServiceState(wanted.network());
    this.present = new PresentElements(snapshot, shape.sets(), changes);
  }

  /**
   * Gets from {@code snapshot} to what is wanted.
   *
   * @param snapshot null if there is no table
   * @return what has been committed
   */
  static ServiceState run(@Nullable TableSnapshot snapshot, Wanted wanted, Committer committer)
      throws IOException {
    TableShape shape = BaseTable.shape(wanted.network(), wanted.services());
    boolean replaced = snapshot != null && ShapeRepair.isOfAnotherShape(snapshot, shape);
    TableSync sync = new TableSync(replaced ? null : snapshot, wanted, shape, committer);
    if (replaced) {
      // Made by another version: replaced within the transaction, so that no packet notices.
      sync.first.add(new NfOperation.DeleteTable(TABLE));
    }
    boolean whole = sync.repairShape(replaced ? null : snapshot, shape) || replaced;
    sync.desireNetworks();
    if (wanted.services() != null) {
      sync.desireServices(whole && snapshot != null);
    }
    sync.present.removeLeftovers();
    sync.flush();
    return sync.state;
  }

  /** Returns whether something that is there is changed. */
  private boolean repairShape(@Nullable TableSnapshot snapshot, TableShape shape) {
    ShapeRepair repair = new ShapeRepair(shape);
    if (snapshot == null) {
      first.addAll(repair.create());
      return false;
    }
    if (wanted.services() != null) {
      repair.keep(neededChains(snapshot));
    }
    repair.compare(snapshot);
    first.addAll(repair.before());
    afterRemovals.addAll(repair.after());
    return !first.isEmpty() || !afterRemovals.isEmpty();
  }

  /** The chains that Services needed at some time: they are kept, and repaired like others. */
  private Map<NfChain, List<NfRule>> neededChains(TableSnapshot snapshot) {
    Map<NfChain, List<NfRule>> needed = new LinkedHashMap<>();
    Set<String> names =
        snapshot.chains().stream()
            .filter(chain -> chain.hook() == null)
            .map(NfChain::name)
            .collect(Collectors.toSet());
    for (SetElement element : present.unclaimed(ServiceSets.BALANCE)) {
      Target target = element.key().length() == 4 ? Target.of(element.key().u32At(0)) : null;
      if (target != null && names.contains(target.chain())) {
        // Chains are compared by the repair.
        var _ = state.need(target, present);
        needed.putAll(target.chains());
      }
    }
    for (String name : names) {
      AffinityChain chain = AffinityChain.of(name);
      if (chain != null) {
        var _ = state.need(chain);
        needed.putAll(chain.chains());
      }
    }
    return needed;
  }

  private void desireNetworks() {
    NodeNetwork network = wanted.network();
    ServiceSettings services = wanted.services();
    for (AddressFamily family : AddressFamily.values()) {
      FamilySets sets = FamilySets.of(family);
      desire(sets.localPods(), network.local(family));
      desire(sets.cluster(), network.cluster(family));
      desire(sets.unmasqueraded(), network.unmasqueraded(family));
      if (services != null) {
        ServiceSets serviceSets = ServiceSets.of(family);
        desire(serviceSets.serviceCidrs(), NodeNetwork.disjoint(family, services.serviceCidrs()));
        desire(
            serviceSets.nodeAddresses(),
            NodeNetwork.disjoint(family, services.nodePortAddresses()));
        if (services.localPods() instanceof LocalPods.Networks pods) {
          desire(serviceSets.detectedPods(), NodeNetwork.disjoint(family, pods.cidrs()));
        }
      }
    }
  }

  private void desire(NfSet set, List<Cidr> networks) {
    networks.forEach(cidr -> present.add(set, SetElement.of(cidr)));
  }

  private void desireServices(boolean atOnce) throws IOException {
    for (FrontendAddress address : inOrder()) {
      AddressClaims.Owner owner = wanted.claims().owner(address);
      if (owner != null) {
        Treatment treatment =
            Treatment.of(address, owner)
                .keepingSlots(
                    Slots.present(present, address, 0),
                    Slots.present(present, address, FrontendSets.LOCAL_SLOTS));
        chains.addAll(state.adopt(address, treatment, present));
        if (!atOnce && changes.size() >= CHUNK) {
          flush();
        }
      }
    }
  }

  /** First what everything else in a cluster needs: the API server and DNS. */
  private List<FrontendAddress> inOrder() {
    ServiceFragment server = wanted.claims().fragment(API_SERVER);
    Set<FrontendAddress> important = new HashSet<>();
    if (server != null) {
      server.ports().forEach(port -> important.addAll(port.frontends().keySet()));
    }
    List<FrontendAddress> order = new ArrayList<>();
    List<FrontendAddress> others = new ArrayList<>(wanted.claims().addresses().size());
    for (FrontendAddress address : wanted.claims().addresses()) {
      boolean first = important.contains(address) || (address.port() == DNS && isDns(address));
      (first ? order : others).add(address);
    }
    order.sort(null);
    others.sort(null);
    order.addAll(others);
    return order;
  }

  private boolean isDns(FrontendAddress address) {
    AddressClaims.Owner owner = wanted.claims().owner(address);
    return owner != null && owner.service().namespace().equals("kube-system");
  }

  private void flush() throws IOException {
    NfTransaction transaction =
        new NfTransaction()
            .addAll(first)
            .addAll(changes.removals())
            .addAll(afterRemovals)
            .addAll(chains)
            .addAll(changes.additions());
    first.clear();
    afterRemovals.clear();
    chains.clear();
    changes.clear();
    committer.commit(transaction);
  }
}
