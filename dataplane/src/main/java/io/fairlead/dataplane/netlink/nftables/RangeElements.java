package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Puts together the ranges of one field that the kernel keeps as two elements each: one where the
 * range begins, and a marked one behind its last value. Adjacent ranges share no element.
 */
final class RangeElements {

  /** Where one range ends and the next begins, the end comes first. */
  private static final Comparator<ElementCodec.Stored> ORDER =
      Comparator.<ElementCodec.Stored, Bytes>comparing(stored -> stored.element().key())
          .thenComparing(stored -> !stored.isEnd());

  private RangeElements() {}

  static List<SetElement> join(List<ElementCodec.Stored> stored) {
    List<ElementCodec.Stored> sorted = new ArrayList<>(stored);
    sorted.sort(ORDER);
    List<SetElement> ranges = new ArrayList<>();
    for (int i = 0; i < sorted.size(); i++) {
      if (!sorted.get(i).isEnd()) {
        SetElement begin = sorted.get(i).element();
        Bytes last =
            i + 1 < sorted.size()
                ? sorted.get(i + 1).element().key().minusOne()
                : Bytes.zeros(begin.key().length()).minusOne();
        ranges.add(
            new SetElement(
                begin.key(),
                last.equals(begin.key()) ? null : last,
                begin.data(),
                begin.timeoutMillis(),
                begin.comment()));
      }
    }
    return ranges;
  }
}
