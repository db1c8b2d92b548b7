package io.fairlead.ipvs.companion;

/**
 * The packet mark by which clients inside find a virtual server of their own: the whole mark of a
 * connection's first packet, between {@link CompanionTable} and IPVS. It is cleared behind IPVS.
 */
public final class InsideMark {

  /** The bits that tell these marks from others. */
  static final int MASK = 0xff000000;

  static final int PREFIX = 0x46000000;

  private InsideMark() {}

  /**
   * The mark with a number.
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
    return (mark & MASK) == PREFIX && mark != PREFIX;
  }
}
