package io.fairlead.nftables.guard;

import static io.fairlead.nftables.guard.GuardTable.TABLE;

import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.TableSnapshot;
import io.fairlead.dataplane.table.ElementChanges;
import io.fairlead.dataplane.table.PresentElements;
import io.fairlead.dataplane.table.ShapeRepair;
import io.fairlead.dataplane.table.TableShape;
import org.jspecify.annotations.Nullable;

/** Brings all of the table to what it should be, in one transaction and by what differs alone. */
final class GuardSync {

  private GuardSync() {}

  /**
   * What it takes.
   *
   * @param snapshot null if there is no table
   */
  static NfTransaction transaction(@Nullable TableSnapshot snapshot, GuardState wanted) {
    TableShape shape = GuardTable.shape();
    ShapeRepair repair = new ShapeRepair(shape);
    ElementChanges changes = new ElementChanges();
    if (snapshot == null) {
      wanted.addAll(changes);
      return new NfTransaction().addAll(repair.create()).addAll(changes.additions());
    }
    if (ShapeRepair.isOfAnotherShape(snapshot, shape)) {
      // Made by another version: replaced within the transaction, so that no frame notices.
      return NfTransaction.of(new NfOperation.DeleteTable(TABLE))
          .addAll(transaction(null, wanted).operations());
    }
    PresentElements present = new PresentElements(snapshot, shape.sets(), changes);
    wanted.addAll(present);
    present.removeLeftovers();
    repair.compare(snapshot);
    return new NfTransaction()
        .addAll(repair.before())
        .addAll(changes.removals())
        .addAll(repair.after())
        .addAll(changes.additions());
  }
}
