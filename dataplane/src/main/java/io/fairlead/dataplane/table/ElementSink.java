package io.fairlead.dataplane.table;

import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.SetElement;

/** Takes note of what happens to elements. */
public interface ElementSink {

  /** The element, which is there, shall be gone. */
  void remove(NfSet set, SetElement element);

  /** The element, which is not there (any more), shall be. */
  void add(NfSet set, SetElement element);

  /** A sink that does the opposite with this one. */
  default ElementSink reversed() {
    ElementSink sink = this;
    return new ElementSink() {
      @Override
      public void remove(NfSet set, SetElement element) {
        sink.add(set, element);
      }

      @Override
      public void add(NfSet set, SetElement element) {
        sink.remove(set, element);
      }
    };
  }
}
