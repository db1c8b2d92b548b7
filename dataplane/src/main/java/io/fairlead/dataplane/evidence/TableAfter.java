package io.fairlead.dataplane.evidence;

import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfCounter;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableSnapshot;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A table as it would be after operations. Of sets that no operation touches the elements are those
 * of the snapshot, and not copied. Not thread-safe.
 */
final class TableAfter {

  @Nullable NfTable table;
  final Map<String, NfChain> chains = new LinkedHashMap<>();
  final Map<String, List<NfRule>> rules = new LinkedHashMap<>();
  final Map<String, NfSet> sets = new LinkedHashMap<>();
  final Map<String, NfCounter> counters = new LinkedHashMap<>();

  /** Of those that an operation touched. */
  final Map<String, Map<Bytes, SetElement>> changed = new HashMap<>();

  private final Map<String, List<SetElement>> unchanged = new HashMap<>();

  /**
   * @param snapshot null if there is no table
   */
  TableAfter(@Nullable TableSnapshot snapshot) {
    if (snapshot == null) {
      return;
    }
    table = snapshot.table();
    snapshot.chains().forEach(chain -> chains.put(chain.name(), chain));
    snapshot.rules().forEach(rule -> rules(rule.chain()).add(rule));
    snapshot.sets().forEach(set -> sets.put(set.name(), set));
    snapshot.counters().forEach(counter -> counters.put(counter.name(), counter));
    unchanged.putAll(snapshot.elements());
  }

  List<NfRule> rules(String chain) {
    return rules.computeIfAbsent(chain, _ -> new ArrayList<>());
  }

  private Map<Bytes, SetElement> elements(String set) {
    return changed.computeIfAbsent(set, _ -> byKey(unchanged.getOrDefault(set, List.of())));
  }

  static Map<Bytes, SetElement> byKey(List<SetElement> elements) {
    Map<Bytes, SetElement> byKey = LinkedHashMap.newLinkedHashMap(elements.size());
    elements.forEach(element -> byKey.put(element.key(), element));
    return byKey;
  }

  void apply(NfOperation operation) {
    switch (operation) {
      case NfOperation.AddTable(NfTable added) -> table = table == null ? added : table;
      case NfOperation.DeleteTable _ -> clear();
      case NfOperation.AddChain(NfChain chain) -> chains.putIfAbsent(chain.name(), chain);
      case NfOperation.DeleteChain delete -> {
        chains.remove(delete.chain());
        rules.remove(delete.chain());
      }
      case NfOperation.FlushChain flush -> rules(flush.chain()).clear();
      case NfOperation.AddRule(NfRule rule) -> rules(rule.chain()).add(rule);
      case NfOperation.InsertRule(NfRule rule, long before) ->
          rules(rule.chain()).add(before == 0 ? 0 : index(rule.chain(), before), rule);
      case NfOperation.ReplaceRule(NfRule rule, long handle) -> {
        List<NfRule> list = rules(rule.chain());
        int index = index(rule.chain(), handle);
        if (index < list.size()) {
          list.set(index, rule);
        } else {
          list.add(rule);
        }
      }
      case NfOperation.DeleteRule delete ->
          rules(delete.chain()).removeIf(rule -> rule.handle() == delete.handle());
      case NfOperation.AddSet(NfSet set) -> sets.putIfAbsent(set.name(), set);
      case NfOperation.DeleteSet delete -> {
        sets.remove(delete.set());
        unchanged.remove(delete.set());
        changed.remove(delete.set());
      }
      case NfOperation.FlushSet flush -> elements(flush.set()).clear();
      case NfOperation.AddElements add ->
          add.elements().forEach(e -> elements(add.set().name()).put(e.key(), e));
      case NfOperation.DeleteElements delete ->
          delete.elements().forEach(e -> elements(delete.set().name()).remove(e.key()));
      case NfOperation.AddCounter(NfCounter counter) ->
          counters.putIfAbsent(counter.name(), counter);
      case NfOperation.DeleteCounter delete -> counters.remove(delete.counter());
    }
  }

  private int index(String chain, long handle) {
    List<NfRule> list = rules(chain);
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).handle() == handle) {
        return i;
      }
    }
    return list.size();
  }

  private void clear() {
    unchanged.keySet().forEach(set -> changed.put(set, new LinkedHashMap<>()));
    unchanged.clear();
    changed.values().forEach(Map::clear);
    table = null;
    chains.clear();
    rules.clear();
    sets.clear();
    counters.clear();
  }

  /** How many elements there are. */
  int size() {
    int size = 0;
    for (String set : sets.keySet()) {
      Map<Bytes, SetElement> some = changed.get(set);
      size +=
          some == null
              ? Objects.requireNonNull(unchanged.getOrDefault(set, List.of())).size()
              : some.size();
    }
    return size;
  }
}
