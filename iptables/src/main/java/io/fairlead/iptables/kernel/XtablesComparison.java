package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.evidence.Comparison;
import io.fairlead.dataplane.evidence.Difference;
import io.fairlead.dataplane.evidence.OrderedComparison;
import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.iptables.kernel.XtablesSnapshot.HeldJump;
import io.fairlead.iptables.rule.IptablesRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tells what changes would change in iptables, in the words of iptables-save. Pure but for what was
 * read.
 */
public final class XtablesComparison {

  private final RecordingXtables.Key key;
  private final XtablesSnapshot found;
  private final String table;
  private final Map<String, List<String>> wanted = new LinkedHashMap<>();
  private final List<HeldJump> leftJumps;
  private final Comparison.Builder result;

  private XtablesComparison(
      RecordingXtables.Key key, XtablesSnapshot found, Comparison.Builder result) {
    this.key = key;
    this.found = found;
    this.result = result;
    this.leftJumps = new ArrayList<>(found.jumps());
    this.table = (key.family() == AddressFamily.IPV4 ? "ip " : "ip6 ") + key.table().text();
    found.chains().keySet().forEach(chain -> wanted.put(chain, found.texts(chain)));
  }

  /** Of the tables that were read and would be changed through {@code kernel}. */
  public static Comparison of(RecordingXtables kernel) {
    Comparison.Builder result = new Comparison.Builder();
    kernel
        .found()
        .forEach((key, found) -> {
          XtablesComparison one = new XtablesComparison(key, found, result);
          kernel.changes(key).forEach(one::apply);
          one.compare();
        });
    return result.build();
  }

  private void apply(XtablesChange change) {
    change
        .chains()
        .forEach((chain, rules) -> wanted.put(chain, rules.stream().map(this::text).toList()));
    change.deleted().forEach(wanted::remove);
    for (BuiltInJump jump : change.ensured()) {
      String text = text(jump.rule());
      boolean misplaced =
          leftJumps.removeIf(held -> held.chain().equals(jump.chain()) && held.text().equals(text));
      String place = place(jump.chain());
      if (misplaced) {
        result.add(Difference.different(place, text + " as the first rule", text));
      } else {
        result.add(Difference.missing(place, text));
      }
    }
    for (HeldJump jump : change.removed()) {
      if (leftJumps.remove(jump)) {
        result.add(Difference.extra(place(jump.chain()), jump.text()));
      }
    }
  }

  private String text(IptablesRule rule) {
    return rule.text(key.family());
  }

  private String place(String chain) {
    return "chain " + table + " " + chain;
  }

  private void compare() {
    Set<String> names = new LinkedHashSet<>(found.chains().keySet());
    names.addAll(wanted.keySet());
    for (String name : names) {
      if (!found.chains().containsKey(name)) {
        result.add(Difference.missing("table " + table, ":" + name));
      } else if (!wanted.containsKey(name)) {
        result.add(Difference.extra("table " + table, ":" + name));
      } else {
        result.right("chains", 1);
      }
      OrderedComparison.add(
          "rules",
          place(name),
          wanted.getOrDefault(name, List.of()),
          found.texts(name),
          String::equals,
          text -> text,
          result);
    }
    result.right("rules", leftJumps.size());
  }
}
