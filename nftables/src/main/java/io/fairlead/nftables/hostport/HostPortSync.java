package io.fairlead.nftables.hostport;

import static io.fairlead.nftables.hostport.HostPortSets.TABLE;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableSnapshot;
import io.fairlead.dataplane.table.ElementChanges;
import io.fairlead.dataplane.table.PresentElements;
import io.fairlead.dataplane.table.ShapeRepair;
import io.fairlead.dataplane.table.TableShape;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings all of the table to what it should be, in one transaction. What is right stays untouched:
 * a table that is right altogether needs no operation.
 *
 * @param removed host ports that are no more
 * @param added host ports that were not there
 */
record HostPortSync(NfTransaction transaction, Set<PortForward> removed, Set<PortForward> added) {

  /**
   * Gets from {@code snapshot} to what is wanted.
   *
   * @param snapshot null if there is no table
   */
  static HostPortSync of(
      @Nullable TableSnapshot snapshot, List<PortClaims.Held> wanted, HostPortSettings settings) {
    TableShape shape = HostPortTable.shape(settings);
    boolean replaced = snapshot != null && ShapeRepair.isOfAnotherShape(snapshot, shape);
    TableSnapshot kept = replaced ? null : snapshot;
    ElementChanges changes = new ElementChanges();
    PresentElements present = new PresentElements(kept, shape.sets(), changes);
    Set<PortForward> removed = snapshot == null ? new HashSet<>() : read(snapshot);
    Set<PortForward> added = new HashSet<>();
    Set<IpAddress> pods = new HashSet<>();
    for (PortClaims.Held held : wanted) {
      PortForward forward = held.forward();
      present.add(HostPortSets.map(forward.at()), HostPortElements.of(held));
      if (!removed.remove(forward)) {
        added.add(forward);
      }
      if (pods.add(forward.pod())) {
        HostPortSets.of(forward.pod().family()).pod(forward.pod(), true, present);
      }
    }
    present.removeLeftovers();
    NfTransaction transaction = new NfTransaction();
    if (replaced) {
      // Made by another version: replaced within the transaction, so that no packet notices.
      transaction.add(new NfOperation.DeleteTable(TABLE));
    }
    ShapeRepair repair = new ShapeRepair(shape);
    if (kept == null) {
      transaction.addAll(repair.create()).addAll(changes.additions());
    } else {
      repair.compare(kept);
      transaction
          .addAll(repair.before())
          .addAll(changes.removals())
          .addAll(repair.after())
          .addAll(changes.additions());
    }
    return new HostPortSync(transaction, removed, added);
  }

  private static Set<PortForward> read(TableSnapshot snapshot) {
    Set<PortForward> found = new HashSet<>();
    for (AddressFamily family : AddressFamily.values()) {
      HostPortSets sets = HostPortSets.of(family);
      addAll(family, false, snapshot.elements(sets.ports().name()), found);
      addAll(family, true, snapshot.elements(sets.addressPorts().name()), found);
    }
    return found;
  }

  private static void addAll(
      AddressFamily family, boolean address, List<SetElement> elements, Set<PortForward> into) {
    for (SetElement element : elements) {
      PortForward forward = HostPortElements.read(family, address, element);
      if (forward != null) {
        into.add(forward);
      }
    }
  }
}
