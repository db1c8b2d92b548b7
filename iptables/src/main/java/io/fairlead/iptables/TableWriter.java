package io.fairlead.iptables;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.iptables.kernel.BuiltInJump;
import io.fairlead.iptables.kernel.XtablesChange;
import io.fairlead.iptables.kernel.XtablesKernel;
import io.fairlead.iptables.kernel.XtablesSnapshot;
import io.fairlead.iptables.kernel.XtablesSnapshot.HeldJump;
import io.fairlead.iptables.kernel.XtablesSnapshot.HeldRule;
import io.fairlead.iptables.rule.IptablesRule;
import io.fairlead.iptables.rule.IptablesTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sends chains of one table and family to the kernel: usually all in one change; very many in
 * several, so that no lock in the kernel is held for long. As each chain comes after those that it
 * leads to, and removals come last, every one of these changes is complete in itself.
 */
final class TableWriter implements ChainSink {

  /** The most rules in a change, unless one chain has more. */
  static final int CHUNK = 5_000;

  /** Changes of more chains than this are summed up in one line. */
  private static final int LISTED = 40;

  private final XtablesKernel kernel;
  private final AddressFamily family;
  private final IptablesTable table;
  private final List<String> texts;
  private final List<CompletableFuture<Void>> results;

  /** What the kernel holds; null if that is what was put before. */
  private final @Nullable XtablesSnapshot held;

  private final Set<String> kept = new HashSet<>();
  private final Set<String> deleted = new LinkedHashSet<>();
  private Map<String, List<IptablesRule>> chains = new LinkedHashMap<>();
  private int rules;

  /**
   * @param held only differences to it are sent, and what is in it and never put is removed; null
   *     to send all that is put
   * @param texts takes what was sent, in words
   * @param results takes the result of each change
   */
  TableWriter(
      XtablesKernel kernel,
      AddressFamily family,
      IptablesTable table,
      @Nullable XtablesSnapshot held,
      List<String> texts,
      List<CompletableFuture<Void>> results) {
    this.kernel = kernel;
    this.family = family;
    this.table = table;
    this.held = held;
    this.texts = texts;
    this.results = results;
  }

  @Override
  public void put(String chain, List<IptablesRule> wanted) {
    deleted.remove(chain);
    if (held != null) {
      kept.add(chain);
      if (!chains.containsKey(chain) && isHeld(held.chains().get(chain), wanted)) {
        return;
      }
    }
    List<IptablesRule> before = chains.put(chain, wanted);
    rules += wanted.size() - (before == null ? 0 : before.size());
    if (rules > CHUNK) {
      send(chains, List.of(), List.of(), List.of());
      chains = new LinkedHashMap<>();
      rules = 0;
    }
  }

  private boolean isHeld(@Nullable List<HeldRule> present, List<IptablesRule> wanted) {
    if (present == null || present.size() != wanted.size()) {
      return false;
    }
    for (int i = 0; i < wanted.size(); i++) {
      if (!present.get(i).text().equals(wanted.get(i).text(family))) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void delete(String chain) {
    List<IptablesRule> unsent = chains.remove(chain);
    if (unsent != null) {
      rules -= unsent.size();
    }
    deleted.add(chain);
  }

  /** Sends the rest, and with it the rules of built-in chains if the kernel was read. */
  void finish() {
    List<BuiltInJump> ensured = new ArrayList<>();
    List<HeldJump> removed = new ArrayList<>();
    if (held != null) {
      held.chains().keySet().stream().filter(name -> !kept.contains(name)).forEach(deleted::add);
      compareJumps(held.jumps(), ensured, removed);
    }
    send(chains, List.copyOf(deleted), ensured, removed);
  }

  /** One that is there stays where it is: others, too, may want to be first. */
  private void compareJumps(
      List<HeldJump> present, List<BuiltInJump> ensured, List<HeldJump> removed) {
    Set<String> right = new HashSet<>();
    for (BuiltInJump jump : BaseChains.jumps(table)) {
      String place = place(jump.chain(), jump.rule().text(family));
      right.add(place);
      if (present.stream().noneMatch(one -> place(one.chain(), one.text()).equals(place))) {
        ensured.add(jump);
      }
    }
    present.stream()
        .filter(jump -> !right.contains(place(jump.chain(), jump.text())))
        .forEach(removed::add);
  }

  private static String place(String chain, String text) {
    return chain + " " + text;
  }

  private void send(
      Map<String, List<IptablesRule>> put,
      List<String> delete,
      List<BuiltInJump> ensured,
      List<HeldJump> removed) {
    XtablesChange change = new XtablesChange(put, delete, ensured, removed);
    if (!change.isEmpty()) {
      describe(change);
      results.add(kernel.commit(family, table, change));
    }
  }

  private void describe(XtablesChange change) {
    String where = "table " + table.text() + " (" + family.kubernetesName() + "): ";
    if (change.chains().size() > LISTED) {
      int all = change.chains().values().stream().mapToInt(List::size).sum();
      texts.add(where + change.chains().size() + " chains with " + all + " rules");
    } else {
      change
          .chains()
          .forEach((name, list) ->
              texts.add(where + "chain " + name + " with " + list.size() + " rules"));
    }
    if (change.deleted().size() > LISTED) {
      texts.add(where + change.deleted().size() + " chains removed");
    } else {
      change.deleted().forEach(name -> texts.add(where + "chain " + name + " removed"));
    }
    change
        .ensured()
        .forEach(jump -> texts.add(where + "-I " + jump.chain() + " " + jump.rule().text(family)));
    change.removed().forEach(jump -> texts.add(where + "-D " + jump.chain() + " " + jump.text()));
  }
}
