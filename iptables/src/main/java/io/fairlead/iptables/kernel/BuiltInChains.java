package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.iptables.kernel.XtablesSnapshot.HeldJump;
import io.fairlead.iptables.rule.IptablesTable;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks at built-in chains, which others use too, and finds the least change of them. */
final class BuiltInChains {

  private final NfTablesKernel kernel;
  private final AddressFamily family;
  private final IptablesTable table;
  private final TableName name;

  BuiltInChains(NfTablesKernel kernel, AddressFamily family, IptablesTable table) {
    this.kernel = kernel;
    this.family = family;
    this.table = table;
    this.name = NfForm.table(family, table);
  }

  /** Adds to {@code transaction} what is missing and takes away what should not be. */
  void change(XtablesChange change, NfTransaction transaction) throws IOException {
    Map<String, NfChain> present = new HashMap<>();
    kernel.chains(name).forEach(chain -> present.put(chain.name(), chain));
    Map<String, List<NfRule>> rules = new LinkedHashMap<>();
    for (HeldJump jump : change.removed()) {
      remove(jump, rules(rules, jump.chain()), transaction);
    }
    Set<String> made = new HashSet<>();
    // The last one inserted is the first: so the order of those that are to be first is kept.
    for (BuiltInJump jump : change.ensured().reversed()) {
      if (jump.first()) {
        ensure(jump, present, made, rules(rules, jump.chain()), transaction);
      }
    }
    for (BuiltInJump jump : change.ensured()) {
      if (!jump.first()) {
        ensure(jump, present, made, rules(rules, jump.chain()), transaction);
      }
    }
  }

  private List<NfRule> rules(Map<String, List<NfRule>> read, String chain) throws IOException {
    List<NfRule> known = read.get(chain);
    if (known == null) {
      known = kernel.rules(name, chain);
      read.put(chain, known);
    }
    return known;
  }

  private String text(NfRule rule) {
    return RuleDecoder.read(family, rule.expressions()).text();
  }

  private void remove(HeldJump jump, List<NfRule> rules, NfTransaction transaction) {
    for (NfRule rule : rules) {
      if (NfForm.leadsToOurs(rule) && text(rule).equals(jump.text())) {
        transaction.add(new NfOperation.DeleteRule(name, rule.chain(), rule.handle()));
      }
    }
  }

  private void ensure(
      BuiltInJump jump,
      Map<String, NfChain> present,
      Set<String> made,
      List<NfRule> rules,
      NfTransaction transaction)
      throws IOException {
    NfChain chain = present.get(jump.chain());
    if (chain == null && made.add(jump.chain())) {
      transaction.add(new NfOperation.AddTable(NfTable.of(name, "")));
      transaction.add(new NfOperation.AddChain(NfForm.builtIn(family, table, jump.chain())));
    } else if (chain != null && chain.hook() == null) {
      throw new IOException(
          "chain "
              + jump.chain()
              + " of table "
              + name
              + " gets no packets: it was made without a hook; delete it with nft");
    }
    String wanted = jump.rule().text(family);
    int found = 0;
    for (int i = 0; i < rules.size(); i++) {
      NfRule rule = rules.get(i);
      if (!NfForm.leadsToOurs(rule) || !text(rule).equals(wanted)) {
        continue;
      }
      boolean leads = rules.subList(0, i).stream().allMatch(NfForm::leadsToOurs);
      if (found == 0 && (!jump.first() || leads)) {
        found++;
      } else {
        transaction.add(new NfOperation.DeleteRule(name, rule.chain(), rule.handle()));
      }
    }
    if (found == 0) {
      NfRule rule = NfForm.rule(family, name, jump.chain(), jump.rule());
      transaction.add(
          jump.first() ? new NfOperation.InsertRule(rule, 0) : new NfOperation.AddRule(rule));
    }
  }
}
