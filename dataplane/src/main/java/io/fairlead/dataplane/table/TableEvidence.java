package io.fairlead.dataplane.table;

import io.fairlead.dataplane.evidence.Alignment;
import io.fairlead.dataplane.evidence.Alignment.Line;
import io.fairlead.dataplane.evidence.KernelObject;
import io.fairlead.dataplane.netlink.nftables.FoundElement;
import io.fairlead.dataplane.netlink.nftables.NfCounter;
import io.fairlead.dataplane.netlink.nftables.NfRule;
import io.fairlead.dataplane.netlink.nftables.NfSet;
import io.fairlead.dataplane.netlink.nftables.NfTablesKernel;
import io.fairlead.dataplane.netlink.nftables.SetElement;
import io.fairlead.dataplane.netlink.nftables.TableName;
import io.fairlead.dataplane.netlink.nftables.expression.Bytes;
import io.fairlead.dataplane.netlink.nftables.expression.Counter;
import io.fairlead.dataplane.netlink.nftables.expression.Expression;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectReference;
import io.fairlead.dataplane.netlink.nftables.expression.ObjectType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads single objects of a table and says of each whether it is as it should be. What is asked for
 * is read at once, and costs no more if the table has more. Not thread-safe.
 */
public final class TableEvidence {

  private final NfTablesKernel kernel;
  private final List<KernelObject> objects = new ArrayList<>();

  /** Reads nothing yet; the caller keeps {@code kernel} and closes it. */
  public TableEvidence(NfTablesKernel kernel) {
    this.kernel = kernel;
  }

  /** What was read, in order. */
  public List<KernelObject> objects() {
    return List.copyOf(objects);
  }

  /** Adds an element that should be there. */
  public void element(NfSet set, SetElement wanted) throws IOException {
    element(set, wanted, "");
  }

  /**
   * Adds an element that should be there.
   *
   * @param remark what it means, if it does not say so itself; or empty
   */
  public void element(NfSet set, SetElement wanted, String remark) throws IOException {
    String tail = remark.isEmpty() ? "" : " # " + remark;
    FoundElement found = kernel.element(set, wanted.key());
    if (found == null) {
      objects.add(KernelObject.missing(set.place(), wanted.text(set) + tail));
    } else if (isLike(found.element(), wanted)) {
      objects.add(
          new KernelObject(
              set.place(),
              found.element().text(set) + tail,
              KernelObject.State.PRESENT,
              found.packets(),
              found.bytes()));
    } else {
      objects.add(
          Alignment.different(set.place(), found.element().text(set), wanted.text(set) + tail));
    }
  }

  private static boolean isLike(SetElement one, SetElement other) {
    return one.key().equals(other.key())
        && one.last().equals(other.last())
        && one.data().equals(other.data());
  }

  /** Adds what has this key, if something has, although nothing should. */
  public void unwanted(NfSet set, Bytes key) throws IOException {
    FoundElement found = kernel.element(set, key);
    if (found != null) {
      objects.add(Alignment.unwanted(set.place(), found.element().text(set)));
    }
  }

  /** Adds what the rules of a chain are, and should be; the counters that they name, with them. */
  public void chain(TableName table, String chain, List<NfRule> wanted) throws IOException {
    List<Line> found = new ArrayList<>();
    for (NfRule rule : kernel.rules(table, chain)) {
      found.add(line(rule, counts(rule)));
    }
    objects.addAll(
        Alignment.of(
            "chain " + table + " " + chain,
            wanted.stream().map(rule -> line(rule, null)).toList(),
            found));
  }

  private static Line line(NfRule rule, @Nullable Counter counts) {
    // As NfRule.hasContentOf; a rule of others says what it does.
    String identity =
        rule.fingerprint() == 0 ? rule.text() : rule.fingerprint() + " " + rule.comment();
    return counts == null
        ? new Line(identity, rule.text(), -1, -1)
        : new Line(identity, rule.text(), counts.packets(), counts.bytes());
  }

  private @Nullable Counter counts(NfRule rule) throws IOException {
    for (Expression expression : rule.expressions()) {
      switch (expression) {
        case Counter counter -> {
          return counter;
        }
        case ObjectReference(ObjectType type, String name) when type == ObjectType.COUNTER -> {
          NfCounter counter = kernel.counter(rule.table(), name);
          return counter == null ? null : new Counter(counter.packets(), counter.bytes());
        }
        default -> {}
      }
    }
    return null;
  }
}
