package io.fairlead.dataplane.table;

import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;

/** The texts of operations, which are only written when they are read: some are long. */
public final class OperationTexts extends AbstractList<String> {

  /** With more elements than these, an operation's text only says how many. */
  private static final int LISTED = 100;

  /** With more elements than these, an operation is not kept whole. */
  private static final int KEPT = 16;

  /** An element with its keys. */
  private static final int ELEMENT_BYTES = 250;

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

  /**
   * The first operations as objects that may be kept for long: their toString is the text, and they
   * do not hold many elements.
   */
  public List<Object> outlines(int most) {
    List<Object> outlines = new ArrayList<>(most);
    for (int i = 0; i < most; i++) {
      NfOperation operation = operations.get(i);
      outlines.add(elements(operation) > KEPT ? summary(operation) : operation);
    }
    return outlines;
  }

  /** About as many bytes as an outline or a text takes. */
  public static int weight(Object outline) {
    return switch (outline) {
      case String text -> 60 + text.length();
      case NfOperation.AddElements add -> 60 + add.elements().size() * ELEMENT_BYTES;
      case NfOperation.DeleteElements delete -> 60 + delete.elements().size() * ELEMENT_BYTES;
      default -> 1000;
    };
  }

  private static int elements(NfOperation operation) {
    return switch (operation) {
      case NfOperation.AddElements add -> add.elements().size();
      case NfOperation.DeleteElements delete -> delete.elements().size();
      default -> 0;
    };
  }

  /** What the operation does, without thousands of elements. */
  public static String brief(NfOperation operation) {
    return elements(operation) > LISTED ? summary(operation) : operation.toString();
  }

  private static String summary(NfOperation operation) {
    return switch (operation) {
      case NfOperation.AddElements add -> brief("add", add.elements(), "to", add.set());
      case NfOperation.DeleteElements delete ->
          brief("delete", delete.elements(), "from", delete.set());
      default -> operation.toString();
    };
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
