package io.fairlead.nftables;

import io.fairlead.dataplane.netlink.nftables.NfOperation;
import java.util.AbstractList;
import java.util.List;

/** The texts of operations, which are only written when they are read: some are long. */
final class OperationTexts extends AbstractList<String> {

  private final List<NfOperation> operations;

  OperationTexts(List<NfOperation> operations) {
    this.operations = operations;
  }

  @Override
  public String get(int index) {
    return operations.get(index).toString();
  }

  @Override
  public int size() {
    return operations.size();
  }
}
