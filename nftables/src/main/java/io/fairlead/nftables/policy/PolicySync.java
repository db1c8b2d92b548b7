package io.fairlead.nftables.policy;

import static io.fairlead.nftables.policy.PolicyTable.TABLE;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableSnapshot;
import io.fairlead.dataplane.policy.enforcement.Enforcement;
import io.fairlead.dataplane.table.ElementChanges;
import io.fairlead.dataplane.table.PresentElements;
import io.fairlead.dataplane.table.ShapeRepair;
import io.fairlead.dataplane.table.TableShape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Brings all of the table to what it should be, in one transaction: no packet meets half of it.
 * What is right stays untouched: a table that is right altogether needs no operation.
 *
 * @param state what is in the kernel once the transaction is committed
 */
record PolicySync(PolicyState state, NfTransaction transaction) {

  /**
   * Gets from {@code snapshot} to what is wanted.
   *
   * @param snapshot null if there is no table
   * @param broken policies that are to allow nothing; gets those that cannot be rendered
   */
  static PolicySync of(
      @Nullable TableSnapshot snapshot,
      Enforcement wanted,
      PolicySettings settings,
      BrokenPolicies broken) {
    ElementChanges changes = new ElementChanges();
    List<NfSet> present = snapshot == null ? List.of() : snapshot.sets();
    PresentElements elements = new PresentElements(snapshot, present, changes);
    PolicyState state = new PolicyState(wanted, broken, KnownNumbers.of(elements));
    PolicyPlan plan = new PolicyPlan(elements);
    state.fill(plan);
    TableShape shape = PolicyTable.shape(settings);
    plan.addTo(shape);
    if (snapshot != null && ShapeRepair.isOfAnotherShape(snapshot, shape)) {
      // Made by another version: replaced within the transaction, so that no packet notices.
      PolicySync whole = of(null, wanted, settings, broken);
      NfTransaction transaction = NfTransaction.of(new NfOperation.DeleteTable(TABLE));
      return new PolicySync(whole.state, transaction.addAll(whole.transaction.operations()));
    }
    addNetworks(settings, elements);
    for (NfSet set : shape.sets()) {
      if (set.timeouts()) {
        continue; // What is in there goes by itself.
      }
      elements.unclaimed(set).forEach(element -> changes.remove(set, element));
    }
    return new PolicySync(state, transaction(snapshot, shape, changes));
  }

  private static void addNetworks(PolicySettings settings, PresentElements elements) {
    for (AddressFamily family : AddressFamily.values()) {
      List<Cidr> networks =
          Cidr.disjoint(
              settings.podNetworks().stream()
                  .filter(network -> network.family() == family)
                  .toList());
      NfSet set = PolicySets.of(family).networks();
      networks.forEach(network -> elements.add(set, SetElement.of(network)));
    }
  }

  private static NfTransaction transaction(
      @Nullable TableSnapshot snapshot, TableShape shape, ElementChanges changes) {
    ShapeRepair repair = new ShapeRepair(shape);
    NfTransaction transaction = new NfTransaction();
    if (snapshot == null) {
      return transaction.addAll(repair.create()).addAll(changes.additions());
    }
    repair.compare(snapshot);
    return transaction
        .addAll(repair.before())
        .addAll(changes.removals())
        .addAll(repair.after())
        .addAll(changes.additions());
  }
}
