package io.fairlead.bench.soak;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a soak went.
 *
 * @param counts of what happened, by name
 * @param duplicates addresses that two pods had at one time
 * @param beforeRestart what was left until the agent was restarted for a last time
 * @param residue what is on the node that was not there before
 */
record SoakReport(
    long seed,
    double seconds,
    Map<String, Long> counts,
    List<String> duplicates,
    List<String> beforeRestart,
    List<String> residue) {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  SoakReport {
    duplicates = List.copyOf(duplicates);
    beforeRestart = List.copyOf(beforeRestart);
    residue = List.copyOf(residue);
  }

  boolean isClean() {
    return duplicates.isEmpty() && residue.isEmpty();
  }

  String toText() {
    StringBuilder text = new StringBuilder();
    text.append(String.format(Locale.ROOT, "%-28s %d%n", "seed", seed));
    text.append(String.format(Locale.ROOT, "%-28s %.0f%n", "seconds", seconds));
    counts.forEach(
        (name, count) -> text.append(String.format(Locale.ROOT, "%-28s %d%n", name, count)));
    list(text, "duplicate addresses", duplicates);
    list(text, "left until a restart", beforeRestart);
    list(text, "residue", residue);
    return text.toString();
  }

  private static void list(StringBuilder text, String name, List<String> lines) {
    text.append(String.format(Locale.ROOT, "%-28s %d%n", name, lines.size()));
    lines.forEach(line -> text.append("  ").append(line).append('\n'));
  }

  String toJson() throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("seed", seed).put("seconds", seconds);
    ObjectNode counted = root.putObject("counts");
    counts.forEach(counted::put);
    duplicates.forEach(root.putArray("duplicateAddresses")::add);
    beforeRestart.forEach(root.putArray("leftUntilRestart")::add);
    residue.forEach(root.putArray("residue")::add);
    return JSON.writeValueAsString(root);
  }
}
