package io.fairlead.dataplane.netlink.nftables.expression;

import io.fairlead.dataplane.netlink.AttributeReader;
import io.fairlead.dataplane.netlink.MessageWriter;
import org.jspecify.annotations.Nullable;

/**
 * Changes a set from within a rule.
 *
 * @param key the register where the element's key begins
 * @param data the register with a map's value, or {@link #NONE}
 * @param timeoutMillis how long the element stays; 0 for the set's own timeout
 */
public record DynamicSet(Change change, String set, int key, int data, long timeoutMillis)
    implements Expression {

  /** The element has no value. */
  public static final int NONE = -1;

  /** enum nft_dynset_ops, in the kernel's order from 0: ADD leaves an element that is there. */
  public enum Change {
    ADD,
    UPDATE,
    DELETE
  }

  /** enum nft_dynset_attributes. */
  private static final int NFTA_DYNSET_SET_NAME = 1;

  private static final int NFTA_DYNSET_OP = 3;
  private static final int NFTA_DYNSET_SREG_KEY = 4;
  private static final int NFTA_DYNSET_SREG_DATA = 5;
  private static final int NFTA_DYNSET_TIMEOUT = 6;

  @Override
  public String kind() {
    return "dynset";
  }

  @Override
  public void write(MessageWriter writer) {
    int number =
        switch (change) {
          case ADD -> 0;
          case UPDATE -> 1;
          case DELETE -> 2;
        };
    writer
        .attributeString(NFTA_DYNSET_SET_NAME, set)
        .attributeU32Be(NFTA_DYNSET_OP, number)
        .attributeU32Be(NFTA_DYNSET_SREG_KEY, Register.number(key));
    if (data != NONE) {
      writer.attributeU32Be(NFTA_DYNSET_SREG_DATA, Register.number(data));
    }
    if (timeoutMillis != 0) {
      writer.attributeU64Be(NFTA_DYNSET_TIMEOUT, timeoutMillis);
    }
  }

  static @Nullable Expression read(AttributeReader attributes) {
    String set = "";
    int change = -1;
    int key = 0;
    int data = NONE;
    long timeout = 0;
    while (attributes.next()) {
      switch (attributes.type()) {
        case NFTA_DYNSET_SET_NAME -> set = attributes.string();
        case NFTA_DYNSET_OP -> change = attributes.u32Be();
        case NFTA_DYNSET_SREG_KEY -> key = Register.index(attributes.u32Be());
        case NFTA_DYNSET_SREG_DATA -> data = Register.index(attributes.u32Be());
        case NFTA_DYNSET_TIMEOUT -> timeout = attributes.u64Be();
        default -> {}
      }
    }
    boolean known = change >= 0 && change < Change.values().length;
    return known ? new DynamicSet(Change.values()[change], set, key, data, timeout) : null;
  }
}
