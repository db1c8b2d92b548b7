package io.fairlead.dataplane.netlink.nftables;

import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The nf_tables of one network namespace: its real kernel ({@link NfTablesSocket}) or an imitation
 * ({@link FakeNfTables}). Refusals are thrown as {@link
 * io.fairlead.dataplane.netlink.NetlinkException}, whose operation is the text of the one that was
 * refused. Not thread-safe.
 */
public interface NfTablesKernel extends AutoCloseable {

  /**
   * Makes all changes at once, or none if it throws.
   *
   * @throws io.fairlead.dataplane.netlink.NetlinkException with the first operation that was
   *     refused, the others suppressed in it; if {@code isLost}, the changes may have been made
   */
  void commit(NfTransaction transaction) throws IOException;

  /** The number of the ruleset's state, which every transaction of anybody changes. */
  long generation() throws IOException;

  /** All tables, of everybody. */
  List<NfTable> tables() throws IOException;

  /** The table's chains. */
  List<NfChain> chains(TableName table) throws IOException;

  /** The rules of all of the table's chains, each chain's in order. */
  List<NfRule> rules(TableName table) throws IOException;

  /**
   * What {@code each} makes of the rules, in the order of {@link #rules(TableName)}, without
   * holding all of them; nulls are left out. It may see rules of a reading that is then repeated.
   */
  default <T> List<T> rules(TableName table, Function<NfRule, @Nullable T> each)
      throws IOException {
    List<T> values = new ArrayList<>();
    for (NfRule rule : rules(table)) {
      T value = each.apply(rule);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  /** The rules of one chain, in order; none if there is no such chain. */
  default List<NfRule> rules(TableName table, String chain) throws IOException {
    return rules(table).stream().filter(rule -> rule.chain().equals(chain)).toList();
  }

  /** The rule with a number, or null if there is none. */
  default @Nullable NfRule rule(TableName table, String chain, long handle) throws IOException {
    return rules(table, chain).stream()
        .filter(rule -> rule.handle() == handle)
        .findFirst()
        .orElse(null);
  }

  /** The table's sets and maps, without anonymous ones and those of types not known here. */
  List<NfSet> sets(TableName table) throws IOException;

  /** The elements of a set, in no particular order. */
  List<SetElement> elements(NfSet set) throws IOException;

  /**
   * The elements of a set by their keys, in no particular order, if it has all of them; else null.
   * Null, too, if the kernel's answers were lost. Others that the set has are left out.
   *
   * @param set one whose elements are single values
   */
  default @Nullable List<SetElement> elements(NfSet set, ExpectedKeys expected) throws IOException {
    Map<Bytes, SetElement> present = new HashMap<>();
    elements(set).forEach(element -> present.put(element.key(), element));
    List<SetElement> found = new ArrayList<>();
    for (Bytes key : expected.keys()) {
      SetElement element = present.get(key);
      if (element == null) {
        return null;
      }
      found.add(element);
    }
    return found;
  }

  /**
   * What a packet with this key finds in a set, with what that has counted; null for nothing, also
   * if there is no such set.
   *
   * @param key in a set of ranges one value that the range has
   */
  default @Nullable FoundElement element(NfSet set, Bytes key) throws IOException {
    if (sets(set.table()).stream().noneMatch(each -> each.name().equals(set.name()))) {
      return null;
    }
    for (SetElement element : elements(set)) {
      if (element.contains(set.key(), key)) {
        for (ElementCounter counter : set.counters() ? counters(set) : List.<ElementCounter>of()) {
          if (counter.key().equals(element.key())) {
            return new FoundElement(element, counter.packets(), counter.bytes());
          }
        }
        return FoundElement.uncounted(element);
      }
    }
    return null;
  }

  /**
   * How many elements the table's sets have, by their names, without sets of which the kernel does
   * not tell. What a transaction under way has added may count already.
   */
  default Map<String, Long> elementCounts(TableName table) throws IOException {
    return Map.of();
  }

  /** What the elements of a set with counters have counted, in no particular order. */
  List<ElementCounter> counters(NfSet set) throws IOException;

  /** The table's named counters. */
  List<NfCounter> counters(TableName table) throws IOException;

  /** The table's counter of this name, or null if there is none. */
  default @Nullable NfCounter counter(TableName table, String name) throws IOException {
    return counters(table).stream()
        .filter(counter -> counter.name().equals(name))
        .findFirst()
        .orElse(null);
  }

  /** How often a snapshot is tried while others keep changing the ruleset. */
  int SNAPSHOT_TRIES = 20;

  /**
   * Everything in the table at one moment; empty if there is no such table.
   *
   * @throws io.fairlead.dataplane.netlink.NetlinkException if the ruleset changed during every try
   */
  default Optional<TableSnapshot> dump(TableName table) throws IOException {
    return dump(table, KeySource.NONE);
  }

  /**
   * The same, faster where sets are large and {@code keys} knows what is in them.
   *
   * @throws io.fairlead.dataplane.netlink.NetlinkException if the ruleset changed during every try
   */
  default Optional<TableSnapshot> dump(TableName table, KeySource keys) throws IOException {
    return SnapshotReader.read(this, table, keys);
  }

  @Override
  void close();
}
