package io.fairlead.dataplane.netlink.nftables.expression;

/**
 * The kernel's numbering of its sixteen 4-byte registers (enum nft_registers): those on a 16-byte
 * boundary are known by the number of their group, the others by their own; 0 is the verdict.
 */
final class Register {

  static final int VERDICT_NUMBER = 0;

  private static final int FIRST_GROUP = 1;
  private static final int FIRST_WORD = 8;

  private Register() {}

  /** The kernel's number of the register at word {@code index}. */
  static int number(int index) {
    if (index < 0 || index > 15) {
      throw new IllegalArgumentException("there are registers 0 to 15, not " + index);
    }
    return index % 4 == 0 ? FIRST_GROUP + index / 4 : FIRST_WORD + index;
  }

  /** The word index of the kernel's {@code number}; 0 for one that is none. */
  static int index(int number) {
    if (number >= FIRST_GROUP && number < FIRST_GROUP + 4) {
      return (number - FIRST_GROUP) * 4;
    }
    return number >= FIRST_WORD && number < FIRST_WORD + 16 ? number - FIRST_WORD : 0;
  }
}
