package io.fairlead.iptables.kernel;

import io.fairlead.dataplane.model.AddressFamily;
import io.fairlead.iptables.kernel.XtablesSnapshot.HeldJump;
import io.fairlead.iptables.rule.IptablesTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A change in the language of iptables-restore --noflush. Naming a chain with ":" makes it, or
 * takes away its rules; everything up to COMMIT takes effect at once.
 */
final class RestoreText {

  private RestoreText() {}

  /**
   * @param held the rules of built-in chains that lead to ours; only looked at if the change is
   *     about such rules
   */
  static String of(
      AddressFamily family, IptablesTable table, XtablesChange change, List<HeldJump> held) {
    StringBuilder text = new StringBuilder(4096).append('*').append(table.text()).append('\n');
    change.chains().keySet().forEach(chain -> declare(text, chain));
    change.deleted().forEach(chain -> declare(text, chain));
    change
        .chains()
        .forEach((chain, rules) ->
            rules.forEach(rule ->
                text.append("-A ")
                    .append(chain)
                    .append(' ')
                    .append(rule.text(family))
                    .append('\n')));
    appendJumps(text, family, change, held);
    change.deleted().forEach(chain -> text.append("-X ").append(chain).append('\n'));
    return text.append("COMMIT\n").toString();
  }

  private static void declare(StringBuilder text, String chain) {
    text.append(':').append(chain).append(" - [0:0]\n");
  }

  private static void appendJumps(
      StringBuilder text, AddressFamily family, XtablesChange change, List<HeldJump> held) {
    List<HeldJump> wrong = new ArrayList<>();
    for (HeldJump jump : held) {
      if (change.removed().stream().anyMatch(removed -> isSame(removed, jump))) {
        wrong.add(jump);
      }
    }
    List<BuiltInJump> missing = new ArrayList<>();
    for (BuiltInJump jump : change.ensured()) {
      String wanted = jump.rule().text(family);
      boolean found = false;
      for (HeldJump present : held) {
        if (present.chain().equals(jump.chain()) && present.text().equals(wanted)) {
          if (found || (jump.first() && !isLed(present, held))) {
            wrong.add(present);
          } else {
            found = true;
          }
        }
      }
      if (!found) {
        missing.add(jump);
      }
    }
    for (HeldJump jump : wrong) {
      text.append("-D ").append(jump.chain()).append(' ').append(jump.text()).append('\n');
    }
    // The last one inserted is the first.
    for (BuiltInJump jump : missing.reversed()) {
      if (jump.first()) {
        text.append("-I ").append(jump.chain()).append(" 1 ");
        text.append(jump.rule().text(family)).append('\n');
      }
    }
    for (BuiltInJump jump : missing) {
      if (!jump.first()) {
        text.append("-A ").append(jump.chain()).append(' ');
        text.append(jump.rule().text(family)).append('\n');
      }
    }
  }

  private static boolean isSame(HeldJump a, HeldJump b) {
    return a.chain().equals(b.chain()) && a.text().equals(b.text());
  }

  /** Whether nothing but jumps of ours comes before it. */
  private static boolean isLed(HeldJump jump, List<HeldJump> held) {
    Set<Integer> before = new HashSet<>();
    for (HeldJump other : held) {
      if (other.chain().equals(jump.chain()) && other.index() < jump.index()) {
        before.add(other.index());
      }
    }
    return before.size() == jump.index();
  }
}
