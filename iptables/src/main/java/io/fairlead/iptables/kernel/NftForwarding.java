package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.Difference;
import io.fairlead.dataplane.evidence.OrderedComparison;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.expression.Counter;
import io.fairlead.dataplane.netlink.nftables.expression.Expression;
import io.fairlead.dataplane.netlink.nftables.expression.ImmediateVerdict;
import io.fairlead.dataplane.netlink.nftables.expression.Reject;
import io.fairlead.dataplane.netlink.nftables.expression.Verdict;
import io.fairlead.dataplane.netlink.nftables.expression.XtMatch;
import io.fairlead.dataplane.netlink.nftables.expression.XtTarget;
import io.fairlead.dataplane.sys.Errno;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.IptablesTable;
import io.fairlead.iptables.rule.Match;
import io.fairlead.iptables.rule.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets packets of pods through the chain FORWARD of iptables-nft where it drops what nobody
 * accepts, as Docker sets its policy. A table of ours cannot: what one table drops, no other brings
 * back.
 *
 * <p>The rules come after everybody else's, so that what others accept or drop by rules of their
 * own stays theirs to decide; only before a last rule that drops everything. They are known by
 * their comment, and are not there where nothing is dropped. Not thread-safe.
 */
public final class NftForwarding {

  /** The tables that are looked at and, at most, changed. */
  public static final List<TableName> TABLES =
      List.of(
          NfForm.table(AddressFamily.IPV4, IptablesTable.FILTER),
          NfForm.table(AddressFamily.IPV6, IptablesTable.FILTER));

  private static final String FORWARD = "FORWARD";
  private static final Match COMMENT = new Match.Comment("fairlead: pods");

  /** How often a change is tried while others change the ruleset. */
  private static final int TRIES = 20;

  private final NfTablesSocket kernel;

  /** Uses {@code kernel}, which the caller closes. */
  public NftForwarding(NfTablesSocket kernel) {
    this.kernel = kernel;
  }

  /**
   * Brings the rules to what is needed now.
   *
   * @param pods the networks whose packets are to pass, of both families
   * @return what it took
   */
  public List<String> ensure(List<Cidr> pods) throws IOException {
    List<String> done = new ArrayList<>();
    for (AddressFamily family : AddressFamily.values()) {
      List<Cidr> networks =
          Cidr.disjoint(pods.stream().filter(cidr -> cidr.family() == family).toList());
      done.addAll(ensure(family, networks));
    }
    return done;
  }

  /** Removes the rules; returns what it took. */
  public List<String> cleanup() throws IOException {
    return ensure(List.of());
  }

  private List<String> ensure(AddressFamily family, List<Cidr> networks) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      long generation = kernel.generation();
      NfTransaction transaction = change(family, networks);
      if (transaction.isEmpty()) {
        return List.of();
      }
      try {
        kernel.commit(transaction, generation);
        return transaction.operations().stream().map(NfOperation::toString).toList();
      } catch (NetlinkException e) {
        if (e.errno() != Errno.ERESTART) {
          throw e;
        }
      }
    }
    throw new IOException(
        "the chain FORWARD of iptables cannot be changed: others change the ruleset all the time");
  }

  private NfTransaction change(AddressFamily family, List<Cidr> networks) throws IOException {
    TableName table = NfForm.table(family, IptablesTable.FILTER);
    NfTransaction transaction = new NfTransaction();
    NfChain chain = chain(table, FORWARD);
    if (chain == null) {
      return transaction;
    }
    List<NfRule> rules = kernel.rules(table, FORWARD);
    int last = lastWord(rules);
    List<IptablesRule> wanted = isOpen(chain, rules) ? List.of() : rules(networks);
    List<NfRule> present = new ArrayList<>();
    boolean inTime = true;
    for (int i = 0; i < rules.size(); i++) {
      if (isOurs(rules.get(i))) {
        present.add(rules.get(i));
        inTime &= i < last;
      }
    }
    if (inTime && texts(family, present).equals(texts(wanted, family))) {
      return transaction;
    }
    for (NfRule rule : present) {
      transaction.add(new NfOperation.DeleteRule(table, FORWARD, rule.handle()));
    }
    for (IptablesRule rule : wanted) {
      NfRule added = NfForm.rule(family, table, FORWARD, rule);
      transaction.add(
          last < rules.size()
              ? new NfOperation.InsertRule(added, rules.get(last).handle())
              : new NfOperation.AddRule(added));
    }
    return transaction;
  }

  /**
   * What {@link #ensure} would change. Changes nothing.
   *
   * @param pods the networks whose packets are to pass, of both families
   */
  public Comparison compare(List<Cidr> pods) throws IOException {
    Comparison.Builder result = new Comparison.Builder();
    for (AddressFamily family : AddressFamily.values()) {
      TableName table = NfForm.table(family, IptablesTable.FILTER);
      List<Cidr> networks =
          Cidr.disjoint(pods.stream().filter(cidr -> cidr.family() == family).toList());
      List<NfRule> ours =
          kernel.rules(table, FORWARD).stream().filter(NftForwarding::isOurs).toList();
      NfTransaction change = change(family, networks);
      if (change.isEmpty()) {
        result.right("rules", ours.size());
        continue;
      }
      String place = "chain " + table + " " + FORWARD;
      List<String> wanted = new ArrayList<>();
      for (NfOperation operation : change.operations()) {
        if (operation instanceof NfOperation.AddRule(NfRule rule)) {
          wanted.addAll(texts(family, List.of(rule)));
        } else if (operation instanceof NfOperation.InsertRule(NfRule rule, _)) {
          wanted.addAll(texts(family, List.of(rule)));
        }
      }
      List<String> found = texts(family, ours);
      if (wanted.equals(found)) {
        found.forEach(text ->
            result.add(
                Difference.different(place, text + " before the rule that drops the rest", text)));
      } else {
        OrderedComparison.add("rules", place, wanted, found, String::equals, text -> text, result);
      }
    }
    return result.build();
  }

  private @Nullable NfChain chain(TableName table, String name) throws IOException {
    for (NfChain chain : kernel.chains(table)) {
      if (chain.name().equals(name) && chain.hook() != null) {
        return chain;
      }
    }
    return null;
  }

  private static List<IptablesRule> rules(List<Cidr> networks) {
    List<IptablesRule> rules = new ArrayList<>();
    for (Cidr network : networks) {
      rules.add(IptablesRule.of(new Target.Accept(), new Match.Source(network, false), COMMENT));
      rules.add(
          IptablesRule.of(new Target.Accept(), new Match.Destination(network, false), COMMENT));
    }
    return rules;
  }

  private static List<String> texts(AddressFamily family, List<NfRule> rules) {
    return rules.stream().map(rule -> RuleDecoder.read(family, rule.expressions()).text()).toList();
  }

  private static List<String> texts(List<IptablesRule> rules, AddressFamily family) {
    return rules.stream().map(rule -> rule.text(family)).toList();
  }

  /** Whether the rule is one that this class adds. */
  static boolean isOurs(NfRule rule) {
    AddressFamily family =
        rule.table().equals(TABLES.getLast()) ? AddressFamily.IPV6 : AddressFamily.IPV4;
    IptablesRule decoded = RuleDecoder.decode(family, rule.expressions());
    return decoded != null
        && rule.chain().equals(FORWARD)
        && decoded.target() instanceof Target.Accept
        && decoded.matches().contains(COMMENT);
  }

  private static boolean isOpen(NfChain chain, List<NfRule> rules) {
    NfChain.Hook hook = chain.hook();
    return (hook == null || hook.policy() != Verdict.Kind.DROP) && lastWord(rules) == rules.size();
  }

  /** The place of the first rule that drops whatever comes to it; behind all if there is none. */
  private static int lastWord(List<NfRule> rules) {
    for (int i = 0; i < rules.size(); i++) {
      if (dropsEverything(rules.get(i))) {
        return i;
      }
    }
    return rules.size();
  }

  private static boolean dropsEverything(NfRule rule) {
    boolean drops = false;
    for (Expression expression : rule.expressions()) {
      switch (expression) {
        case Counter _ -> {}
        case XtMatch match when match.name().equals("comment") -> {}
        case XtTarget target when target.name().equals("REJECT") -> drops = true;
        case Reject _ -> drops = true;
        case ImmediateVerdict(Verdict verdict) when verdict.equals(Verdict.DROP) -> drops = true;
        default -> {
          return false;
        }
      }
    }
    return drops;
  }

  /**
   * Others' chains that drop forwarded packets which their own rules do not accept, each as "TABLE
   * CHAIN". Whether those accept packets of pods cannot be told from here.
   */
  public List<String> otherGates() throws IOException {
    List<String> gates = new ArrayList<>();
    for (NfTable table : kernel.tables()) {
      TableName name = table.name();
      if (TABLES.contains(name) || name.name().startsWith("fairlead")) {
        continue;
      }
      for (NfChain chain : kernel.chains(name)) {
        NfChain.Hook hook = chain.hook();
        if (hook != null
            && hook.type() == NfChain.Type.FILTER
            && hook.point() == NfChain.Point.FORWARD
            && !isOpen(chain, kernel.rules(name, chain.name()))) {
          gates.add(name + " " + chain.name());
        }
      }
    }
    return gates;
  }

  /**
   * Whether the chain FORWARD of iptables-legacy drops what no rule accepts. It runs a program, if
   * the kernel has such a table; what cannot be read is taken for open.
   */
  public static boolean isLegacyClosed(Place place) {
    for (AddressFamily family : AddressFamily.values()) {
      if (isLegacyClosed(place, family)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isLegacyClosed(Place place, AddressFamily family) {
    try {
      return LegacyXtables.save(place, family, IptablesTable.FILTER).contains("\n:FORWARD DROP ");
    } catch (IOException e) {
      return false; // Without the right to raw sockets, or without the program.
    }
  }
}
