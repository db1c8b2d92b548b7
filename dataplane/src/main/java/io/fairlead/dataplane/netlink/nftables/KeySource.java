package io.fairlead.dataplane.netlink.nftables;

import java.util.List;
import java.util.Map;

/**
 * Tells which keys some sets of a table have by what others hold. The kernel finds a key at once,
 * but to list a hash set it walks from its beginning for every 32 KiB that it hands over: that
 * costs the square of its size. Whoever says wrong keys loses only the time: a set is read by keys
 * only if the kernel counts as many elements and has each of them.
 */
public interface KeySource {

  /** Knows no set. */
  KeySource NONE = new NoKeys();

  /** Whether {@link #keys} can tell the keys of the set from sets of which this is false. */
  boolean describes(NfSet set);

  /**
   * The keys that a set has if the table is as it should be.
   *
   * @param set one that {@link #describes} is true of
   * @param others the elements of all sets but the dynamic ones of which it is false, by their
   *     names
   */
  ExpectedKeys keys(NfSet set, Map<String, List<SetElement>> others);
}
