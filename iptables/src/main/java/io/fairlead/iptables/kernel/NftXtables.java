package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.NfTablesSocket;
import io.fairlead.dataplane.netlink.nftables.NfTransaction;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.sys.Errno;
import io.fairlead.dataplane.sys.SystemCallException;
import io.fairlead.iptables.kernel.XtablesSnapshot.HeldJump;
import io.fairlead.iptables.kernel.XtablesSnapshot.HeldRule;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.IptablesTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The variant of iptables that stands on nf_tables, written without iptables: through netlink, in
 * the form of iptables-nft, so that its programs show and restore it. A change of chains reads
 * nothing and costs what the change has; only changes of built-in chains look at those first.
 * Commits are complete when they return. Not thread-safe.
 *
 * <p>The kernel, though, walks all rules that built-in chains of the table lead to, once from each
 * of them, at every transaction that adds a rule, whoever sends it. That is the greater part of
 * what a change costs: it is fewer and shorter rules, and several changes in one transaction, that
 * make it less. Chains that nothing leads to yet cost nothing so.
 */
public final class NftXtables implements XtablesKernel {

  /** How often something that looks before it changes is tried while others change the ruleset. */
  private static final int TRIES = 20;

  private final NfTablesSocket kernel;

  /**
   * Takes over {@code kernel}.
   *
   * @param kernel opened in the network namespace that is meant
   */
  public NftXtables(NfTablesSocket kernel) {
    this.kernel = kernel;
  }

  /** Opens a socket in the calling thread's network namespace. */
  public static NftXtables open() throws SystemCallException {
    return new NftXtables(NfTablesSocket.open());
  }

  /** The number by which events tell the changes of this object from others'. */
  public int port() throws SystemCallException {
    return kernel.port();
  }

  /** What a rule was found as. */
  private record Found(String chain, HeldRule rule) {}

  @Override
  public XtablesSnapshot read(AddressFamily family, IptablesTable table) throws IOException {
    TableName name = NfForm.table(family, table);
    for (int i = 0; i < TRIES; i++) {
      long generation = kernel.generation();
      XtablesSnapshot snapshot = tryRead(family, table, name);
      if (kernel.generation() == generation) {
        return snapshot;
      }
    }
    throw disturbed("read table " + name);
  }

  private XtablesSnapshot tryRead(AddressFamily family, IptablesTable table, TableName name)
      throws IOException {
    Map<String, List<HeldRule>> chains = new LinkedHashMap<>();
    for (NfChain chain : kernel.chains(name)) {
      if (isOurs(chain.name())) {
        chains.put(chain.name(), new ArrayList<>());
      }
    }
    List<HeldJump> jumps = new ArrayList<>();
    Map<String, Integer> places = new HashMap<>();
    // In chains of others nothing but the way to ours is looked at.
    List<Found> rules = kernel.rules(name, rule -> found(family, table, rule, places, jumps));
    for (Found found : rules) {
      List<HeldRule> chain = chains.get(found.chain());
      if (chain != null) {
        chain.add(found.rule());
      }
    }
    return new XtablesSnapshot(chains, jumps);
  }

  /** Costs what these chains have, and the built-in ones. */
  @Override
  public XtablesSnapshot read(AddressFamily family, IptablesTable table, Set<String> chains)
      throws IOException {
    TableName name = NfForm.table(family, table);
    Map<String, List<HeldRule>> held = new LinkedHashMap<>();
    for (String chain : chains) {
      List<HeldRule> rules =
          kernel.rules(name, chain).stream()
              .map(rule -> RuleDecoder.read(family, rule.expressions()))
              .toList();
      if (!rules.isEmpty()) {
        held.put(chain, rules);
      }
    }
    List<HeldJump> jumps = new ArrayList<>();
    Map<String, Integer> places = new HashMap<>();
    for (String chain : table.builtInChains()) {
      for (NfRule rule : kernel.rules(name, chain)) {
        found(family, table, rule, places, jumps);
      }
    }
    return new XtablesSnapshot(held, jumps);
  }

  private static NetlinkException disturbed(String operation) {
    return new NetlinkException(
        operation, Errno.EINTR, "the ruleset changed during each of " + TRIES + " tries", -1, 0);
  }

  private static @Nullable Found found(
      AddressFamily family,
      IptablesTable table,
      NfRule rule,
      Map<String, Integer> places,
      List<HeldJump> jumps) {
    if (isOurs(rule.chain())) {
      return new Found(rule.chain(), RuleDecoder.read(family, rule.expressions()));
    }
    int place = places.merge(rule.chain(), 1, Integer::sum) - 1;
    if (table.builtInChains().contains(rule.chain()) && NfForm.leadsToOurs(rule)) {
      String text = RuleDecoder.read(family, rule.expressions()).text();
      jumps.add(new HeldJump(rule.chain(), text, place));
    }
    return null;
  }

  private static boolean isOurs(String chain) {
    return chain.startsWith(PREFIX);
  }

  @Override
  public CompletableFuture<Void> commit(
      AddressFamily family, IptablesTable table, XtablesChange change) {
    try {
      NfForm.check(table, change);
      try {
        attempt(family, table, change);
      } catch (NetlinkException e) {
        XtablesChange possible = e.isBusy() ? withoutUsed(family, table, change) : change;
        if (possible.equals(change)) {
          throw e;
        }
        attempt(family, table, possible);
      }
      return CompletableFuture.completedFuture(null);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private void attempt(AddressFamily family, IptablesTable table, XtablesChange change)
      throws IOException {
    if (change.ensured().isEmpty() && change.removed().isEmpty()) {
      NfTransaction transaction = new NfTransaction();
      TableName name = NfForm.table(family, table);
      addChains(family, name, change, transaction);
      deleteChains(name, change.deleted(), transaction);
      kernel.commit(transaction);
    } else {
      commitWithJumps(family, table, change);
    }
  }

  /**
   * The change with those chains emptied that chains of others lead to: their rules are not ours to
   * delete, and the kernel deletes no chain before them. An empty chain does nothing, and goes with
   * the first comparison after that rule.
   */
  private XtablesChange withoutUsed(AddressFamily family, IptablesTable table, XtablesChange change)
      throws IOException {
    List<String> used =
        kernel.rules(
            NfForm.table(family, table),
            rule ->
                isOurs(rule.chain()) || table.builtInChains().contains(rule.chain())
                    ? null
                    : NfForm.chainOfOurs(rule));
    List<String> deleted = new ArrayList<>(change.deleted());
    Map<String, List<IptablesRule>> chains = new LinkedHashMap<>(change.chains());
    for (String chain : used) {
      if (deleted.remove(chain)) {
        chains.put(chain, List.of());
      }
    }
    return new XtablesChange(chains, deleted, change.ensured(), change.removed());
  }

  private static void addChains(
      AddressFamily family, TableName table, XtablesChange change, NfTransaction transaction) {
    if (change.chains().isEmpty()) {
      return;
    }
    transaction.add(new NfOperation.AddTable(NfTable.of(table, "")));
    // First all chains: rules may lead to any of them.
    for (String chain : change.chains().keySet()) {
      transaction.add(new NfOperation.AddChain(NfChain.regular(table, chain, "")));
      transaction.add(new NfOperation.FlushChain(table, chain));
    }
    change
        .chains()
        .forEach((chain, rules) -> {
          for (IptablesRule rule : rules) {
            transaction.add(new NfOperation.AddRule(NfForm.rule(family, table, chain, rule)));
          }
        });
  }

  private static void deleteChains(
      TableName table, List<String> chains, NfTransaction transaction) {
    // Those that are deleted may lead to each other.
    for (String chain : chains) {
      transaction.add(new NfOperation.FlushChain(table, chain));
    }
    for (String chain : chains) {
      transaction.add(new NfOperation.DeleteChain(table, chain));
    }
  }

  private void commitWithJumps(AddressFamily family, IptablesTable table, XtablesChange change)
      throws IOException {
    TableName name = NfForm.table(family, table);
    committed(
        "change built-in chains of " + name,
        generation -> {
          NfTransaction transaction = new NfTransaction();
          addChains(family, name, change, transaction);
          new BuiltInChains(kernel, family, table).change(change, transaction);
          deleteChains(name, change.deleted(), transaction);
          kernel.commit(transaction, generation);
        });
  }

  /** A change of what was just read. */
  @FunctionalInterface
  private interface Change {
    void at(long generation) throws IOException;
  }

  /** Repeats {@code change} until it is made in the state that it looked at. */
  private void committed(String operation, Change change) throws IOException {
    for (int i = 0; i < TRIES; i++) {
      long generation = kernel.generation();
      try {
        change.at(generation);
        return;
      } catch (NetlinkException e) {
        if (e.errno() != Errno.ERESTART) {
          throw e;
        }
      }
    }
    throw disturbed(operation);
  }

  @Override
  public void cleanup() throws IOException {
    for (AddressFamily family : AddressFamily.values()) {
      for (IptablesTable table : IptablesTable.values()) {
        committed(
            "clean up table " + NfForm.table(family, table),
            generation -> {
              NfTransaction transaction = new NfTransaction();
              cleanup(family, table, transaction);
              kernel.commit(transaction, generation);
            });
      }
    }
  }

  private void cleanup(AddressFamily family, IptablesTable table, NfTransaction transaction)
      throws IOException {
    TableName name = NfForm.table(family, table);
    List<NfChain> chains = kernel.chains(name);
    List<String> ours = chains.stream().map(NfChain::name).filter(NftXtables::isOurs).toList();
    if (ours.isEmpty()) {
      return;
    }
    Set<String> used = new HashSet<>();
    List<NfRule> jumps =
        kernel.rules(
            name,
            rule -> {
              if (isOurs(rule.chain())) {
                return null;
              }
              if (NfForm.leadsToOurs(rule)) {
                return rule;
              }
              used.add(rule.chain());
              return null;
            });
    boolean vacant =
        used.isEmpty()
            && kernel.sets(name).isEmpty()
            && chains.stream()
                .allMatch(chain -> isOurs(chain.name()) || NfForm.isUntouched(table, chain));
    if (vacant) {
      // What remains is what iptables makes by itself when it is needed.
      transaction.add(new NfOperation.DeleteTable(name));
      return;
    }
    for (NfRule jump : jumps) {
      transaction.add(new NfOperation.DeleteRule(name, jump.chain(), jump.handle()));
    }
    deleteChains(name, ours, transaction);
  }

  @Override
  public void close() {
    kernel.close();
  }
}
