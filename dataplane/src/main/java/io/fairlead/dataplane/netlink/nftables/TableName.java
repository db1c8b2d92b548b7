package io.fairlead.dataplane.netlink.nftables;

/** What names a table, and with another name the chains, sets and objects in it. */
public record TableName(NfFamily family, String name) {

  /** A table for both IP families. */
  public static TableName inet(String name) {
    return new TableName(NfFamily.INET, name);
  }

  /** "inet fairlead". */
  @Override
  public String toString() {
    return family.text() + " " + name;
  }
}
