package io.fairlead.dataplane.table;

import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfCounter;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.TableSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What it takes to bring counters, sets, chains and rules to a {@link TableShape}. Not thread-safe.
 */
public final class ShapeRepair {

  private final TableShape shape;
  private final Map<NfChain, List<NfRule>> chains;
  private final List<NfOperation> before = new ArrayList<>();
  private final List<NfOperation> after = new ArrayList<>();

  /** Nothing is compared yet. */
  public ShapeRepair(TableShape shape) {
    this.shape = shape;
    this.chains = new LinkedHashMap<>(shape.chains());
  }

  /** What comes before elements are removed. */
  public List<NfOperation> before() {
    return before;
  }

  /** What comes between the removal and the addition of elements. */
  public List<NfOperation> after() {
    return after;
  }

  /**
   * Whether something has the right name but is what cannot be changed in place, or somebody put
   * the table to sleep.
   */
  public static boolean isOfAnotherShape(TableSnapshot snapshot, TableShape shape) {
    Map<String, NfSet> sets = new HashMap<>();
    snapshot.sets().forEach(set -> sets.put(set.name(), set));
    Map<String, NfChain> chains = new HashMap<>();
    snapshot.chains().forEach(chain -> chains.put(chain.name(), chain));
    return snapshot.table().dormant()
        || shape.sets().stream().anyMatch(set -> !isLike(sets.getOrDefault(set.name(), set), set))
        || shape.chains().keySet().stream()
            .anyMatch(chain ->
                !Objects.equals(chains.getOrDefault(chain.name(), chain).hook(), chain.hook()));
  }

  /** Comments aside: they cannot be changed, and change nothing. */
  private static boolean isLike(NfSet a, NfSet b) {
    return a.key().equals(b.key())
        && a.data().equals(b.data())
        && a.intervals() == b.intervals()
        && a.dynamic() == b.dynamic()
        && a.timeouts() == b.timeouts()
        && a.counters() == b.counters()
        && a.size() == b.size();
  }

  /** What makes the whole table. */
  public List<NfOperation> create() {
    List<NfOperation> operations = new ArrayList<>();
    operations.add(new NfOperation.AddTable(shape.definition()));
    shape.counters().forEach(counter -> operations.add(new NfOperation.AddCounter(counter)));
    shape.sets().forEach(set -> operations.add(new NfOperation.AddSet(set)));
    chains.keySet().forEach(chain -> operations.add(new NfOperation.AddChain(chain)));
    chains
        .values()
        .forEach(rules -> rules.forEach(rule -> operations.add(new NfOperation.AddRule(rule))));
    return operations;
  }

  /** Chains beyond the shape that are right to be there, each with its rules. */
  public void keep(Map<NfChain, List<NfRule>> more) {
    chains.putAll(more);
  }

  /** Finds what differs: for {@link #before} and {@link #after}. */
  public void compare(TableSnapshot snapshot) {
    Set<String> present = snapshot.chains().stream().map(NfChain::name).collect(Collectors.toSet());
    Set<String> names = chains.keySet().stream().map(NfChain::name).collect(Collectors.toSet());
    List<String> strays =
        snapshot.chains().stream()
            .map(NfChain::name)
            .filter(name -> !names.contains(name))
            .toList();
    addMissing(snapshot, present);
    Map<String, List<NfRule>> rules =
        snapshot.rules().stream().collect(Collectors.groupingBy(NfRule::chain));
    List<NfOperation> newRules = new ArrayList<>();
    chains.forEach((chain, wanted) ->
        compareRules(rules.getOrDefault(chain.name(), List.of()), wanted, newRules));
    strays.forEach(chain -> after.add(new NfOperation.FlushChain(shape.table(), chain)));
    deleteStraySets(snapshot);
    strays.forEach(chain -> after.add(new NfOperation.DeleteChain(shape.table(), chain)));
    deleteStrayCounters(snapshot);
    after.addAll(newRules);
  }

  private void addMissing(TableSnapshot snapshot, Set<String> present) {
    Set<String> counters =
        snapshot.counters().stream().map(NfCounter::name).collect(Collectors.toSet());
    for (NfCounter counter : shape.counters()) {
      if (!counters.contains(counter.name())) {
        before.add(new NfOperation.AddCounter(counter));
      }
    }
    Set<String> sets = snapshot.sets().stream().map(NfSet::name).collect(Collectors.toSet());
    for (NfSet set : shape.sets()) {
      if (!sets.contains(set.name())) {
        before.add(new NfOperation.AddSet(set));
      }
    }
    for (NfChain chain : chains.keySet()) {
      if (!present.contains(chain.name())) {
        before.add(new NfOperation.AddChain(chain));
      }
    }
  }

  /** Keeps the rules that are right up to the first that is not; from there on all are new. */
  private void compareRules(List<NfRule> present, List<NfRule> wanted, List<NfOperation> newRules) {
    int same = 0;
    while (same < Math.min(present.size(), wanted.size())
        && present.get(same).hasContentOf(wanted.get(same))) {
      same++;
    }
    for (NfRule rule : present.subList(same, present.size())) {
      after.add(new NfOperation.DeleteRule(shape.table(), rule.chain(), rule.handle()));
    }
    for (NfRule rule : wanted.subList(same, wanted.size())) {
      newRules.add(new NfOperation.AddRule(rule));
    }
  }

  private void deleteStraySets(TableSnapshot snapshot) {
    Set<String> names = shape.sets().stream().map(NfSet::name).collect(Collectors.toSet());
    for (NfSet set : snapshot.sets()) {
      if (!names.contains(set.name())) {
        after.add(new NfOperation.DeleteSet(shape.table(), set.name()));
      }
    }
  }

  private void deleteStrayCounters(TableSnapshot snapshot) {
    Set<String> names = shape.counters().stream().map(NfCounter::name).collect(Collectors.toSet());
    for (NfCounter counter : snapshot.counters()) {
      if (!names.contains(counter.name())) {
        after.add(new NfOperation.DeleteCounter(shape.table(), counter.name()));
      }
    }
  }
}
