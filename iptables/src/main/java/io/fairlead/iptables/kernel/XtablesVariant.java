package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.sys.Errno;
import io.fairlead.dataplane.sys.SystemCallException;
import io.fairlead.iptables.rule.IptablesTable;
import java.io.IOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** The two implementations of iptables in the kernel. Packets go through both. */
public enum XtablesVariant {
  NFT,
  LEGACY;

  /** Chains that a kubelet makes in the variant of the host, so that others find it. */
  private static final Set<String> HINTS = Set.of("KUBE-IPTABLES-HINT", "KUBE-KUBELET-CANARY");

  /** As configuration and messages spell it: "nft" or "legacy". */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * What the host uses.
   *
   * @param nfTables whether the kernel has nf_tables
   * @param nftRules others' rules in tables of iptables-nft
   * @param legacyRules others' rules in tables of iptables-legacy
   * @param nftHint whether a kubelet marked nf_tables as its choice
   * @param legacyHint whether a kubelet marked legacy as its choice
   */
  record Evidence(
      boolean nfTables, int nftRules, int legacyRules, boolean nftHint, boolean legacyHint) {

    Choice choose() {
      boolean both = nftRules > 0 && legacyRules > 0;
      if (!nfTables) {
        return new Choice(LEGACY, both, "the kernel has no nf_tables");
      }
      if (nftHint) {
        return new Choice(NFT, both, "the kubelet uses it");
      }
      if (legacyHint) {
        return new Choice(LEGACY, both, "the kubelet uses it");
      }
      return legacyRules > nftRules
          ? new Choice(LEGACY, both, "others have " + count(legacyRules, nftRules, "nft"))
          : new Choice(NFT, both, "others have " + count(nftRules, legacyRules, "legacy"));
    }

    private static String count(int here, int there, String other) {
      return here + " rules there and " + there + " in the variant " + other;
    }
  }

  /**
   * The variant to use, and why.
   *
   * @param both whether others have rules in both
   */
  public record Choice(XtablesVariant variant, boolean both, String reason) {

    /** A sentence for logs and status. */
    @Override
    public String toString() {
      return "iptables in the variant "
          + variant.text()
          + ": "
          + reason
          + (both
              ? "; both variants are in use on this node, and packets go through both: move the"
                  + " rules of one to the other"
              : "");
    }
  }

  /**
   * Finds the variant that others on this node use, without making tables of either. Rules of ours
   * do not count. Legacy tables that cannot be read, as without NET_RAW, could not be written
   * either.
   *
   * @param place where programs and files are looked at; the same network namespace as the calling
   *     thread's
   * @throws IOException if the kernel refused
   */
  public static Choice detect(Place place) throws IOException {
    try {
      return withLegacy(place);
    } catch (UnreadableTablesException e) {
      return new Choice(NFT, false, "the tables of the variant legacy cannot be read: " + e.reason);
    }
  }

  private static final class UnreadableTablesException extends Exception {

    private static final long serialVersionUID = 1;

    private final String reason;

    UnreadableTablesException(IOException cause) {
      super(cause);
      this.reason = String.valueOf(cause.getMessage());
    }
  }

  private static String saved(Place place, AddressFamily family, IptablesTable table)
      throws UnreadableTablesException {
    try {
      return LegacyXtables.save(place, family, table);
    } catch (IOException e) {
      throw new UnreadableTablesException(e);
    }
  }

  private static Choice withLegacy(Place place) throws IOException, UnreadableTablesException {
    int legacyRules = 0;
    boolean legacyHint = false;
    for (AddressFamily family : AddressFamily.values()) {
      for (IptablesTable table : IptablesTable.values()) {
        String saved = saved(place, family, table);
        legacyRules += SavedTable.countForeignRules(saved);
        legacyHint |= HINTS.stream().anyMatch(hint -> saved.contains("\n:" + hint + " "));
      }
    }
    try (NfTablesSocket kernel = NfTablesSocket.open()) {
      if (isThere(kernel)) {
        return withNfTables(kernel, legacyRules, legacyHint).choose();
      }
    } catch (SystemCallException e) {
      // A kernel without netfilter's netlink has no nf_tables either.
    }
    return new Evidence(false, 0, legacyRules, false, legacyHint).choose();
  }

  /** A kernel without nf_tables refuses every question about it. */
  private static boolean isThere(NfTablesSocket kernel) throws IOException {
    try {
      return kernel.generation() != 0;
    } catch (NetlinkException e) {
      if (e.errno() == Errno.EPERM) {
        throw e;
      }
      return false;
    }
  }

  private static Evidence withNfTables(NfTablesSocket kernel, int legacyRules, boolean legacyHint)
      throws IOException {
    Set<TableName> present = new HashSet<>();
    for (NfTable table : kernel.tables()) {
      present.add(table.name());
    }
    int rules = 0;
    boolean hint = false;
    for (AddressFamily family : AddressFamily.values()) {
      for (IptablesTable table : IptablesTable.values()) {
        TableName name = NfForm.table(family, table);
        if (!present.contains(name)) {
          continue;
        }
        rules += kernel.rules(name, rule -> NfForm.isForeign(rule) ? Boolean.TRUE : null).size();
        for (NfChain chain : kernel.chains(name)) {
          hint |= HINTS.contains(chain.name());
        }
      }
    }
    return new Evidence(true, rules, legacyRules, hint, legacyHint);
  }

  /**
   * What writes to this variant.
   *
   * @param place the same network namespace as the calling thread's
   */
  public XtablesKernel open(Place place) throws SystemCallException {
    return switch (this) {
      case NFT -> NftXtables.open();
      case LEGACY -> new LegacyXtables(place);
    };
  }

  /**
   * Removes all that is ours in this variant: before another variant or another backend is used,
   * and after. Does nothing, and makes no tables, if the kernel does not have the variant.
   *
   * @param place the same network namespace as the calling thread's
   * @throws IOException if something was refused; it may be called again
   */
  public void cleanup(Place place) throws IOException {
    switch (this) {
      case NFT -> {
        try (NfTablesSocket kernel = NfTablesSocket.open()) {
          if (isThere(kernel)) {
            new NftXtables(kernel).cleanup();
          }
        }
      }
      case LEGACY -> {
        try (LegacyXtables legacy = new LegacyXtables(place)) {
          legacy.cleanup();
        }
      }
    }
  }
}
