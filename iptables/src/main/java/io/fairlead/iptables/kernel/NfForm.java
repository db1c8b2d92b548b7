package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfFamily;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.expression.Expression;
import io.fairlead.dataplane.netlink.nftables.expression.ImmediateVerdict;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.IptablesTable;
import io.fairlead.iptables.rule.Target;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Tables and built-in chains as iptables-nft makes them in nf_tables. */
final class NfForm {

  private NfForm() {}

  static TableName table(AddressFamily family, IptablesTable table) {
    return new TableName(
        switch (family) {
          case IPV4 -> NfFamily.IPV4;
          case IPV6 -> NfFamily.IPV6;
        },
        table.text());
  }

  /** A built-in chain. */
  static NfChain builtIn(AddressFamily family, IptablesTable table, String chain) {
    if (!table.builtInChains().contains(chain)) {
      throw new IllegalArgumentException("table " + table.text() + " has no chain " + chain);
    }
    NfChain.Point point = NfChain.Point.valueOf(chain);
    NfChain.Hook hook = NfChain.Hook.accepting(type(table, point), point, priority(table, point));
    return new NfChain(table(family, table), chain, hook, "");
  }

  private static NfChain.Type type(IptablesTable table, NfChain.Point point) {
    return switch (table) {
      case NAT -> NfChain.Type.NAT;
      case FILTER -> NfChain.Type.FILTER;
      // A changed mark of the node's own packets makes the kernel look for their route again.
      case MANGLE -> point == NfChain.Point.OUTPUT ? NfChain.Type.ROUTE : NfChain.Type.FILTER;
    };
  }

  /** NF_IP_PRI_ constants of linux/netfilter_ipv4.h; those of IPv6 are the same. */
  private static int priority(IptablesTable table, NfChain.Point point) {
    return switch (table) {
      case NAT ->
          switch (point) {
            case PREROUTING, OUTPUT, FORWARD -> -100;
            case INPUT, POSTROUTING -> 100;
          };
      case FILTER -> 0;
      case MANGLE -> -150;
    };
  }

  static NfRule rule(AddressFamily family, TableName table, String chain, IptablesRule rule) {
    // Without a fingerprint: iptables-nft leaves nothing beside the expressions either.
    return new NfRule(table, chain, 0, RuleEncoder.encode(family, rule), "", 0);
  }

  /** Whether the rule leads to a chain of ours. */
  static boolean leadsToOurs(NfRule rule) {
    return chainOfOurs(rule) != null;
  }

  /** The chain of ours that the rule leads to, or null if it leads to none. */
  static @Nullable String chainOfOurs(NfRule rule) {
    for (Expression expression : rule.expressions()) {
      if (expression instanceof ImmediateVerdict(Verdict verdict)
          && verdict.chain().startsWith(XtablesKernel.PREFIX)) {
        return verdict.chain();
      }
    }
    return null;
  }

  /** Whether the rule is neither ours nor leads to a chain of ours. */
  static boolean isForeign(NfRule rule) {
    return !rule.chain().startsWith(XtablesKernel.PREFIX)
        && !leadsToOurs(rule)
        && !NftForwarding.isOurs(rule);
  }

  /** Whether the chain is as iptables-nft makes it. */
  static boolean isUntouched(IptablesTable table, NfChain chain) {
    if (!table.builtInChains().contains(chain.name())) {
      return false;
    }
    NfChain.Point point = NfChain.Point.valueOf(chain.name());
    return NfChain.Hook.accepting(type(table, point), point, priority(table, point))
        .equals(chain.hook());
  }

  /** Refuses what iptables could not show or restore, although the kernel would take it. */
  static void check(IptablesTable table, XtablesChange change) throws IOException {
    for (var chain : change.chains().entrySet()) {
      for (IptablesRule rule : chain.getValue()) {
        boolean fits =
            switch (rule.target()) {
              case Target.Drop _ -> table != IptablesTable.NAT;
              case Target.Reject _ -> table == IptablesTable.FILTER;
              case Target.DestinationNat _, Target.Masquerade _ -> table == IptablesTable.NAT;
              case Target.MarkOr _, Target.MarkXor _ -> true;
              case Target.Jump _, Target.GoTo _, Target.Accept _, Target.Return _ -> true;
              case null -> true;
            };
        if (!fits) {
          throw new IOException(
              "a rule of chain "
                  + chain.getKey()
                  + " is not for table "
                  + table.text()
                  + ": "
                  + rule);
        }
      }
    }
  }
}
