package io.fairlead.dataplane.testing.behaviour;

import io.fairlead.dataplane.testing.TestNamespace;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What became of connections that collided with another one's entry, in one namespace and over all
 * processors.
 *
 * @param resolved packets that went on with the other's entry, or with one beside it
 * @param failed packets that the kernel dropped
 */
record ConntrackCounts(long resolved, long failed) {

  static ConntrackCounts of(TestNamespace namespace) {
    String text = namespace.run("conntrack", "-S");
    return new ConntrackCounts(
        sum(text, "(?:clash_resolve|clashres)"), sum(text, "(?<!\\w)insert_failed"));
  }

  private static long sum(String text, String name) {
    Matcher matcher = Pattern.compile(name + "=(\\d+)").matcher(text);
    long sum = 0;
    while (matcher.find()) {
      sum += Long.parseLong(matcher.group(1));
    }
    return sum;
  }

  ConntrackCounts since(ConntrackCounts earlier) {
    return new ConntrackCounts(resolved - earlier.resolved, failed - earlier.failed);
  }
}
