package io.fairlead.dataplane.netlink.nftables;

import java.util.List;
import java.util.Map;

/** Describes no set. */
record NoKeys() implements KeySource {

  @Override
  public boolean describes(NfSet set) {
    return false;
  }

  @Override
  public ExpectedKeys keys(NfSet set, Map<String, List<SetElement>> others) {
    return new ExpectedKeys(0, List.of());
  }
}
