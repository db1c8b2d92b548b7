package io.fairlead.dataplane.netlink.nftables;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Changes that take effect together or not at all, in order. Its text has one operation a line. Not
 * thread-safe.
 */
public final class NfTransaction {

  private final List<NfOperation> operations = new ArrayList<>();

  public static NfTransaction of(NfOperation... operations) {
    NfTransaction transaction = new NfTransaction();
    transaction.operations.addAll(List.of(operations));
    return transaction;
  }

  public NfTransaction add(NfOperation operation) {
    operations.add(operation);
    return this;
  }

  public NfTransaction addAll(List<? extends NfOperation> more) {
    operations.addAll(more);
    return this;
  }

  public boolean isEmpty() {
    return operations.isEmpty();
  }

  /** A copy of the operations, in order. */
  public List<NfOperation> operations() {
    return List.copyOf(operations);
  }

  int size() {
    return operations.size();
  }

  NfOperation get(int index) {
    return operations.get(index);
  }

  @Override
  public String toString() {
    return operations.stream().map(NfOperation::toString).collect(Collectors.joining("\n"));
  }
}
