package io.fairlead.dataplane.evidence;

import io.fairlead.dataplane.netlink.nftables.NfChain;
import io.fairlead.dataplane.netlink.nftables.NfOperation;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTable;
import io.fairlead.dataplane.netlink.nftables.RecordingNfTables;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.TableSnapshot;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Tells what operations would change in a table of nf_tables: what they would add is missing there,
 * what they would delete is too much, and what they would put in the place of something under the
 * same key is different. Operations that undo each other make no difference. Pure.
 */
public final class TableComparison {

  private final TableName name;
  private final @Nullable TableSnapshot found;
  private final TableAfter before;
  private final TableAfter after;
  private final Comparison.Builder result = new Comparison.Builder();

  private TableComparison(
      TableName name, @Nullable TableSnapshot found, List<NfOperation> operations) {
    this.name = name;
    this.found = found;
    this.before = new TableAfter(found);
    this.after = new TableAfter(found);
    operations.forEach(after::apply);
  }

  /** Of a table that was read and written through {@code kernel}, and of no other. */
  public static Comparison of(TableName name, RecordingNfTables kernel) {
    return of(name, kernel.snapshot(name), kernel.operations());
  }

  /**
   * Of a table.
   *
   * @param found null if there is none
   * @param operations on this table alone, in their order
   */
  public static Comparison of(
      TableName name, @Nullable TableSnapshot found, List<NfOperation> operations) {
    return new TableComparison(name, found, operations).compare();
  }

  private Comparison compare() {
    NfTable wanted = after.table;
    if (found == null) {
      if (wanted != null) {
        result.add(Difference.missing("table " + name, whole(wanted, after)));
      }
      return result.build();
    }
    if (wanted == null) {
      result.add(Difference.extra("table " + name, whole(found.table(), before)));
      return result.build();
    }
    compareNamed("counters", before.counters, after.counters, Object::toString, (_, _) -> true);
    compareNamed("sets and maps", before.sets, after.sets, NfSet::toString, this::isLike);
    compareNamed("chains", before.chains, after.chains, NfChain::toString, this::isLike);
    names(before.rules, after.rules).forEach(this::compareRules);
    names(before.sets, after.sets).forEach(this::compareElements);
    return result.build();
  }

  /** A whole table that is missing is one thing to tell. */
  private static String whole(NfTable table, TableAfter content) {
    int rules = content.rules.values().stream().mapToInt(List::size).sum();
    return table
        + " with "
        + content.chains.size()
        + " chains, "
        + rules
        + " rules, "
        + content.sets.size()
        + " sets and maps and "
        + content.size()
        + " elements";
  }

  private interface Likeness<T> {
    boolean isLike(T one, T other);
  }

  private <T> void compareNamed(
      String what,
      Map<String, T> present,
      Map<String, T> wanted,
      Function<T, String> text,
      Likeness<T> likeness) {
    String place = "table " + name;
    for (String each : names(present, wanted)) {
      T is = present.get(each);
      T should = wanted.get(each);
      if (is == null && should != null) {
        result.add(Difference.missing(place, text.apply(should)));
      } else if (should == null && is != null) {
        result.add(Difference.extra(place, text.apply(is)));
      } else if (is != null && should != null && !likeness.isLike(is, should)) {
        result.add(Difference.different(place, text.apply(should), text.apply(is)));
      } else {
        result.right(what, 1);
      }
    }
  }

  /** Comments aside: they change nothing. */
  private boolean isLike(NfChain one, NfChain other) {
    return Objects.equals(one.hook(), other.hook());
  }

  private boolean isLike(NfSet one, NfSet other) {
    return one.key().equals(other.key())
        && one.data().equals(other.data())
        && one.intervals() == other.intervals()
        && one.dynamic() == other.dynamic()
        && one.timeouts() == other.timeouts()
        && one.counters() == other.counters()
        && one.size() == other.size();
  }

  private static Set<String> names(Map<String, ?> one, Map<String, ?> other) {
    Set<String> names = new LinkedHashSet<>(one.keySet());
    names.addAll(other.keySet());
    return names;
  }

  private void compareRules(String chain) {
    OrderedComparison.add(
        "rules",
        "chain " + name + " " + chain,
        after.rules.getOrDefault(chain, List.of()),
        before.rules.getOrDefault(chain, List.of()),
        NfRule::hasContentOf,
        NfRule::text,
        result);
  }

  private void compareElements(String setName) {
    List<SetElement> present = found == null ? List.of() : found.elements(setName);
    Map<Bytes, SetElement> wanted = after.changed.get(setName);
    if (wanted == null) {
      result.right("elements", present.size());
      return;
    }
    NfSet is = before.sets.get(setName);
    NfSet should = after.sets.getOrDefault(setName, is);
    NfSet type = is == null ? Objects.requireNonNull(should) : is;
    String place = (type.isMap() ? "map " : "set ") + name + " " + setName;
    Map<Bytes, SetElement> left = TableAfter.byKey(present);
    int right = 0;
    for (SetElement element : new ArrayList<>(wanted.values())) {
      SetElement there = left.remove(element.key());
      if (element.equals(there)) {
        right++;
      } else if (there == null) {
        result.add(Difference.missing(place, element.text(should == null ? type : should)));
      } else {
        result.add(
            Difference.different(
                place, element.text(should == null ? type : should), there.text(type)));
      }
    }
    left.values().forEach(element -> result.add(Difference.extra(place, element.text(type))));
    result.right("elements", right);
  }
}
