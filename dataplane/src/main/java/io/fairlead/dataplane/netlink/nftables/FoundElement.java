package io.fairlead.dataplane.netlink.nftables;

/**
 * An element as the kernel has it.
 *
 * @param packets that it has counted; -1 if it does not count
 * @param bytes of these packets; -1 if it does not count
 */
public record FoundElement(SetElement element, long packets, long bytes) {

  static FoundElement uncounted(SetElement element) {
    return new FoundElement(element, -1, -1);
  }
}
