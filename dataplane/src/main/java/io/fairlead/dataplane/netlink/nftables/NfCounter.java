package io.fairlead.dataplane.netlink.nftables;

/**
 * A named counter.
 *
 * @param packets counted when it was read, or to begin with
 * @param comment at most 127 bytes of UTF-8; empty for none
 */
public record NfCounter(TableName table, String name, long packets, long bytes, String comment) {

  /** A counter to be added, at zero. */
  public static NfCounter of(TableName table, String name, String comment) {
    return new NfCounter(table, name, 0, 0, comment);
  }

  @Override
  public String toString() {
    return "counter " + table + " " + name + NfText.block(NfText.comment(comment));
  }
}
