package io.fairlead.dataplane.table;

import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import java.util.AbstractList;
import java.util.List;

/** The texts of operations, which are only written when they are read: some are long. */
public final class OperationTexts extends AbstractList<String> {

  /** With more elements than these, an operation's text only says how many. */
  private static final int LISTED = 100;

  private final List<NfOperation> operations;

  /** Views {@code operations}, which nobody may change any more. */
  public OperationTexts(List<NfOperation> operations) {
    this.operations = operations;
  }

  @Override
  public String get(int index) {
    return brief(operations.get(index));
  }

  @Override
  public int size() {
    return operations.size();
  }

  /** What the operation does, without thousands of elements. */
  public static String brief(NfOperation operation) {
    if (operation instanceof NfOperation.AddElements add && add.elements().size() > LISTED) {
      return brief("add", add.elements(), "to", add.set());
    }
    if (operation instanceof NfOperation.DeleteElements delete
        && delete.elements().size() > LISTED) {
      return brief("delete", delete.elements(), "from", delete.set());
    }
    return operation.toString();
  }

  private static String brief(String verb, List<SetElement> elements, String word, NfSet set) {
    return verb
        + " "
        + elements.size()
        + " elements "
        + word
        + " "
        + set.table()
        + " "
        + set.name();
  }
}
