package io.fairlead.ipvs.companion;

/**
 * The packet mark by which clients inside find a virtual server of their own: the whole mark of a
 * connection's first packet, between {@link CompanionTable} and IPVS. It is cleared behind IPVS.
 */
public final class InsideMark {

  /** The bits that tell these marks from others. */
  static final int MASK = 0xff000000;

  private static final int PREFIX = 0x46000000;

  /** Has none of the other one's bits, for when one of those asks for masquerade. */
  private static final int OTHER_PREFIX = 0x29000000;

  private InsideMark() {}

  /**
   * What these marks begin with.
   *
   * @param masqueradeMark the bit that asks for masquerade, which it does not have
   */
  public static int prefix(int masqueradeMark) {
    return (PREFIX & masqueradeMark) == 0 ? PREFIX : OTHER_PREFIX;
  }

  /**
   * The usual mark with a number.
   *
   * @param number 1 to 0xffffff
   */
  public static int of(int number) {
    if (number < 1 || (number & MASK) != 0) {
      throw new IllegalArgumentException("there is no inside mark number " + number);
    }
    return PREFIX | number;
  }

  /** Whether the mark, of a packet or of a virtual server, is one of these. */
  public static boolean isOne(int mark) {
    int prefix = mark & MASK;
    return (prefix == PREFIX || prefix == OTHER_PREFIX) && mark != prefix;
  }
}
