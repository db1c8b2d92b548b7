package io.fairlead.ipvs;

import io.fairlead.ipvs.companion.InsideMark;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Gives ports of Services the packet marks by which clients inside find servers of their own. A
 * port keeps its mark as long as it has one. One thread at a time, except {@link #port}, which any
 * may call.
 */
final class InsideMarks {

  private static final int NUMBER_BITS = 0xffffff;

  private final Map<PortId, Integer> marks = new HashMap<>();
  private final Map<Integer, PortId> ports = new ConcurrentHashMap<>();
  private final BitSet taken = new BitSet();
  private final int masqueradeMark;
  private final int prefix;

  /**
   * @param masqueradeMark the bit that no mark has
   */
  InsideMarks(int masqueradeMark) {
    this.masqueradeMark = masqueradeMark;
    this.prefix = InsideMark.prefix(masqueradeMark);
    taken.set(0);
  }

  /** The mark of a port, which is given one if it has none. */
  int of(PortId port) {
    Integer mark = marks.get(port);
    if (mark == null) {
      mark = prefix | free();
      adopt(port, mark);
    }
    return mark;
  }

  private int free() {
    int number = taken.nextClearBit(1);
    while ((number & masqueradeMark) != 0) {
      // The first number above that does not have the bit.
      number = taken.nextClearBit((number | (masqueradeMark - 1)) + 1);
    }
    return number;
  }

  private boolean isUsable(int mark) {
    return InsideMark.isOne(mark)
        && (mark & ~NUMBER_BITS) == prefix
        && (mark & masqueradeMark) == 0;
  }

  /**
   * Gives a port the mark that it has in the kernel, unless either has another already or it has
   * the masquerade bit.
   */
  void adopt(PortId port, int mark) {
    if (isUsable(mark) && !marks.containsKey(port) && !ports.containsKey(mark)) {
      marks.put(port, mark);
      ports.put(mark, port);
      reserve(mark);
    }
  }

  /** Nobody new is given the mark until it is released. */
  void reserve(int mark) {
    taken.set(mark & NUMBER_BITS);
  }

  /** Whose mark it is; null if nobody's that we know. */
  @Nullable PortId port(int mark) {
    return ports.get(mark);
  }

  void release(int mark) {
    PortId port = ports.remove(mark);
    if (port != null) {
      marks.remove(port);
    }
    if (!ports.containsKey(prefix | (mark & NUMBER_BITS))) {
      taken.clear(mark & NUMBER_BITS);
    }
  }
}
