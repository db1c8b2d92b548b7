package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.iptables.kernel.XtablesSnapshot.HeldJump;
import io.fairlead.iptables.kernel.XtablesSnapshot.HeldRule;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.IptablesTable;
import io.fairlead.iptables.rule.Target;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The iptables of a kernel that is not there. It refuses what a kernel refuses: rules that lead to
 * no chain, and removal of a chain that is still in use.
 */
public final class FakeXtables implements XtablesKernel {

  /** A rule of a built-in chain: ours, or the text of somebody else's. */
  private record BuiltInRule(@Nullable IptablesRule ours, String text) {}

  private static final class Table {
    final Map<String, List<IptablesRule>> chains = new TreeMap<>();
    final Map<String, List<BuiltInRule>> builtIns = new LinkedHashMap<>();

    Table(IptablesTable table) {
      table.builtInChains().forEach(chain -> builtIns.put(chain, new ArrayList<>()));
    }

    Table(Table other) {
      chains.putAll(other.chains);
      other.builtIns.forEach((chain, rules) -> builtIns.put(chain, new ArrayList<>(rules)));
    }
  }

  private final Map<AddressFamily, Map<IptablesTable, Table>> tables =
      new EnumMap<>(AddressFamily.class);
  private final List<XtablesChange> changes = new ArrayList<>();
  private final List<Runnable> waiting = new ArrayList<>();
  private boolean late;
  private @Nullable String refusal;
  private int reads;

  /** Empty tables. */
  public FakeXtables() {
    for (AddressFamily family : AddressFamily.values()) {
      Map<IptablesTable, Table> all = new EnumMap<>(IptablesTable.class);
      for (IptablesTable table : IptablesTable.values()) {
        all.put(table, new Table(table));
      }
      tables.put(family, all);
    }
  }

  private Table table(AddressFamily family, IptablesTable table) {
    Table found = tables.getOrDefault(family, Map.of()).get(table);
    if (found == null) {
      throw new IllegalStateException("the constructor makes all tables");
    }
    return found;
  }

  @Override
  public XtablesSnapshot read(AddressFamily family, IptablesTable name) {
    finishWaiting();
    reads++;
    Table table = table(family, name);
    Map<String, List<HeldRule>> chains = new LinkedHashMap<>();
    table.chains.forEach((chain, rules) ->
        chains.put(
            chain, rules.stream().map(rule -> new HeldRule(rule.text(family), 0, 0)).toList()));
    List<HeldJump> jumps = new ArrayList<>();
    table.builtIns.forEach((chain, rules) -> {
      for (int i = 0; i < rules.size(); i++) {
        if (rules.get(i).ours() != null) {
          jumps.add(new HeldJump(chain, rules.get(i).text(), i));
        }
      }
    });
    return new XtablesSnapshot(chains, jumps);
  }

  @Override
  public CompletableFuture<Void> commit(
      AddressFamily family, IptablesTable name, XtablesChange change) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    Runnable work =
        () -> {
          try {
            apply(family, name, change);
            result.complete(null);
          } catch (IOException e) {
            result.completeExceptionally(e);
          }
        };
    if (late) {
      waiting.add(work);
    } else {
      work.run();
    }
    return result;
  }

  private void apply(AddressFamily family, IptablesTable name, XtablesChange change)
      throws IOException {
    String problem = refusal;
    if (problem != null) {
      refusal = null;
      throw new IOException(problem);
    }
    Table next = new Table(table(family, name));
    next.chains.putAll(change.chains());
    for (BuiltInJump jump : change.ensured()) {
      List<BuiltInRule> rules = next.builtIns.getOrDefault(jump.chain(), new ArrayList<>());
      BuiltInRule rule = new BuiltInRule(jump.rule(), jump.rule().text(family));
      rules.remove(rule);
      rules.add(jump.first() ? 0 : rules.size(), rule);
    }
    for (HeldJump jump : change.removed()) {
      next.builtIns
          .getOrDefault(jump.chain(), new ArrayList<>())
          .removeIf(rule -> rule.text().equals(jump.text()));
    }
    for (String chain : change.deleted()) {
      if (next.chains.remove(chain) == null) {
        throw new IOException("there is no chain " + chain + " to delete");
      }
    }
    check(next, change);
    tables.getOrDefault(family, Map.of()).replace(name, next);
    changes.add(change);
  }

  /** Without removals only what is new can lead to nothing. */
  private static void check(Table table, XtablesChange change) throws IOException {
    Map<String, List<IptablesRule>> doubtful =
        change.deleted().isEmpty() ? change.chains() : table.chains;
    for (Map.Entry<String, List<IptablesRule>> chain : doubtful.entrySet()) {
      for (IptablesRule rule : chain.getValue()) {
        check(table, chain.getKey(), rule);
      }
    }
    for (Map.Entry<String, List<BuiltInRule>> chain : table.builtIns.entrySet()) {
      for (BuiltInRule rule : chain.getValue()) {
        check(table, chain.getKey(), rule.ours());
      }
    }
  }

  private static void check(Table table, String chain, @Nullable IptablesRule rule)
      throws IOException {
    String to =
        switch (rule == null ? null : rule.target()) {
          case Target.Jump(String name) -> name;
          case Target.GoTo(String name) -> name;
          case null, default -> null;
        };
    if (to != null && !table.chains.containsKey(to)) {
      throw new IOException(
          "a rule of chain " + chain + " leads to " + to + ", which is not there");
    }
  }

  /** Adds a rule of somebody else's to a built-in chain. */
  public void addForeignRule(
      AddressFamily family, IptablesTable table, String chain, int index, String text) {
    table(family, table)
        .builtIns
        .getOrDefault(chain, new ArrayList<>())
        .add(index, new BuiltInRule(null, text));
  }

  /** Removes the rules of built-in chains that lead to ours, as somebody else may. */
  public void removeJumps(AddressFamily family, IptablesTable table) {
    table(family, table)
        .builtIns
        .values()
        .forEach(rules -> rules.removeIf(rule -> rule.ours() != null));
  }

  /** The next change is refused with this sentence. */
  public void refuseNext(String sentence) {
    refusal = sentence;
  }

  /** From now on changes wait for {@link #finishWaiting}, as if others held the lock. */
  public void answerLate() {
    late = true;
  }

  /** Makes the changes that wait, in order. */
  public void finishWaiting() {
    List<Runnable> work = List.copyOf(waiting);
    waiting.clear();
    work.forEach(Runnable::run);
  }

  /** All changes that took effect so far, in order. */
  public List<XtablesChange> changes() {
    return List.copyOf(changes);
  }

  /** How often a table was read. */
  public int reads() {
    return reads;
  }

  /** The rules of our chains, by name. */
  public Map<String, List<IptablesRule>> chains(AddressFamily family, IptablesTable table) {
    return new TreeMap<>(table(family, table).chains);
  }

  /** The rules of one of our chains. */
  public List<IptablesRule> rules(AddressFamily family, IptablesTable table, String chain) {
    return table(family, table).chains.getOrDefault(chain, List.of());
  }

  /** The rules of a built-in chain that lead to ours, in order. */
  public List<IptablesRule> jumps(AddressFamily family, IptablesTable table, String chain) {
    List<IptablesRule> jumps = new ArrayList<>();
    for (BuiltInRule rule : table(family, table).builtIns.getOrDefault(chain, List.of())) {
      IptablesRule ours = rule.ours();
      if (ours != null) {
        jumps.add(ours);
      }
    }
    return jumps;
  }

  /** The rules, as iptables-save prints them. */
  public String save(AddressFamily family, IptablesTable name) {
    StringBuilder text = new StringBuilder();
    Table table = table(family, name);
    table.builtIns.forEach((chain, rules) -> rules.forEach(rule -> line(text, chain, rule.text())));
    table.chains.forEach(
        (chain, rules) -> rules.forEach(rule -> line(text, chain, rule.text(family))));
    return text.toString();
  }

  private static void line(StringBuilder text, String chain, String rule) {
    text.append("-A ").append(chain).append(rule.isEmpty() ? "" : " ").append(rule).append('\n');
  }

  @Override
  public void cleanup() throws IOException {
    String problem = refusal;
    if (problem != null) {
      refusal = null;
      throw new IOException(problem);
    }
    tables
        .values()
        .forEach(all ->
            all.values()
                .forEach(table -> {
                  table.chains.clear();
                  table
                      .builtIns
                      .values()
                      .forEach(rules -> rules.removeIf(rule -> rule.ours() != null));
                }));
  }

  @Override
  public void close() {}
}
