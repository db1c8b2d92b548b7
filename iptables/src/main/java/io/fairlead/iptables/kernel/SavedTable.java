package io.fairlead.iptables.kernel;

import io.fairlead.iptables.kernel.XtablesSnapshot.HeldJump;
import io.fairlead.iptables.kernel.XtablesSnapshot.HeldRule;
import io.fairlead.iptables.rule.IptablesTable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what iptables-save -c prints of one table: ":CHAIN POLICY [packets:bytes]" and
 * "[packets:bytes] -A CHAIN rule".
 */
final class SavedTable {

  private static final Pattern RULE =
      Pattern.compile("(?:\\[(\\d{1,20}):(\\d{1,20})] )?-A (\\S+) ?(.*)");

  private static final Pattern TO_OURS =
      Pattern.compile(".*-[jg] " + XtablesKernel.PREFIX + "\\S*");

  private static final BigInteger MOST = BigInteger.valueOf(Long.MAX_VALUE);

  private SavedTable() {}

  static XtablesSnapshot parse(IptablesTable table, String saved) {
    Map<String, List<HeldRule>> chains = new LinkedHashMap<>();
    List<HeldJump> jumps = new ArrayList<>();
    Map<String, Integer> places = new HashMap<>();
    saved
        .lines()
        .forEach(line -> {
          if (line.startsWith(":" + XtablesKernel.PREFIX)) {
            chains.put(line.substring(1).split(" ", 2)[0], new ArrayList<>());
            return;
          }
          Matcher rule = RULE.matcher(line);
          if (!rule.matches()) {
            return;
          }
          String chain = rule.group(3);
          String text = rule.group(4);
          List<HeldRule> ours = chains.get(chain);
          if (ours != null) {
            ours.add(new HeldRule(text, count(rule.group(1)), count(rule.group(2))));
          } else if (table.builtInChains().contains(chain)) {
            int place = places.merge(chain, 1, Integer::sum) - 1;
            if (TO_OURS.matcher(text).matches()) {
              jumps.add(new HeldJump(chain, text, place));
            }
          }
        });
    return new XtablesSnapshot(chains, jumps);
  }

  /** The kernel counts in 64 bits without a sign; more than fits with one is the most that does. */
  private static long count(@Nullable String digits) {
    return digits == null ? 0 : new BigInteger(digits).min(MOST).longValueExact();
  }

  /** Rules of chains that are not ours and do not lead to ours. */
  static int countForeignRules(String saved) {
    return (int)
        saved
            .lines()
            .map(RULE::matcher)
            .filter(Matcher::matches)
            .filter(rule ->
                !rule.group(3).startsWith(XtablesKernel.PREFIX)
                    && !TO_OURS.matcher(rule.group(4)).matches())
            .count();
  }
}
