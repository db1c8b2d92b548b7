package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.NfFamily;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.iptables.rule.IptablesRule;
import java.util.Set;

/** Rules of nf_tables in the words of the program that made them, as far as that can be told. */
public final class NftRuleText {

  /** What iptables-nft calls its tables. */
  private static final Set<String> TABLES = Set.of("raw", "mangle", "nat", "filter", "security");

  private NftRuleText() {}

  /** "-A CHAIN ..." of a rule that iptables-nft may have made; of any other as nft writes it. */
  public static String of(NfRule rule) {
    NfFamily family = rule.table().family();
    if (TABLES.contains(rule.table().name())
        && (family == NfFamily.IPV4 || family == NfFamily.IPV6)) {
      AddressFamily own = family == NfFamily.IPV4 ? AddressFamily.IPV4 : AddressFamily.IPV6;
      IptablesRule decoded = RuleDecoder.decode(own, rule.expressions());
      if (decoded != null) {
        return "-A " + rule.chain() + " " + decoded.text(own);
      }
    }
    return rule.text();
  }
}
