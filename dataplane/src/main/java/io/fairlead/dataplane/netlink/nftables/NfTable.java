package io.fairlead.dataplane.netlink.nftables;

/**
 * A table.
 *
 * @param owned it belongs to the socket that made it: no other may change it, and it goes with the
 *     socket (Linux 5.12)
 * @param persistent it outlives its owner, as an orphan that a new owner can adopt (Linux 6.9)
 * @param dormant its chains see no packets, as if there were none; never set by us
 * @param comment at most 127 bytes of UTF-8; empty for none
 */
public record NfTable(
    TableName name, boolean owned, boolean persistent, boolean dormant, String comment) {

  public static NfTable of(TableName name, String comment) {
    return new NfTable(name, false, false, false, comment);
  }

  /** The table, made so that it belongs to the socket and goes with it. */
  public NfTable ownedBriefly() {
    return new NfTable(name, true, false, false, comment);
  }

  /** The table, made so that it belongs to the socket but outlives it. */
  public NfTable ownedAndPersistent() {
    return new NfTable(name, true, true, false, comment);
  }

  /** As nft prints them; empty if there are none. */
  String flagsText() {
    return NfText.flags(
        dormant ? "dormant" : "", owned ? "owner" : "", persistent ? "persist" : "");
  }

  @Override
  public String toString() {
    return "table " + name + NfText.block(flagsText(), NfText.comment(comment));
  }
}
