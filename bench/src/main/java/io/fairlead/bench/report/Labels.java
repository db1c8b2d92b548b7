package io.fairlead.bench.report;

import io.fairlead.bench.report.plot.Numbers;
import io.fairlead.bench.result.Cell;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What figures and parameters are called where people read them. */
final class Labels {

  static final String CONTENDER = "contender";
  static final String KERNEL = "kernel";

  /** Parameters that are sizes, in the order in which they are told. */
  static final List<String> SIZES =
      List.of("services", "endpoints", "policies", "pods", "nodes", "connections");

  private static final Map<String, String> SIZE_LABELS =
      Map.of(
          "services", "Services",
          "endpoints", "endpoints each",
          "policies", "NetworkPolicies",
          "pods", "pods",
          "nodes", "nodes",
          "connections", "connections");

  private static final Map<String, String> FIGURES =
      Map.ofEntries(
          Map.entry("rule-update", "From the API write until a client reaches the new endpoint"),
          Map.entry("record-to-traffic", "From the record until a packet takes the new way"),
          Map.entry("event-to-kernel", "From the event until the kernel has acknowledged"),
          Map.entry("first-sync", "First sync of an empty kernel"),
          Map.entry("restart", "Restart over existing state"),
          Map.entry("memory", "Memory"),
          Map.entry("processor", "Processor time of a change"),
          Map.entry("netlink-messages", "Netlink messages of a change"),
          Map.entry("netlink-bytes", "Netlink bytes of a change"),
          Map.entry("system-calls", "System calls of a change"),
          Map.entry("operations", "Operations of a change"),
          Map.entry("allocation", "Memory allocated by a change"),
          Map.entry("connect-latency", "Connecting"),
          Map.entry("round-trip", "Round trip on an established connection"),
          Map.entry("processor-per-gigabyte", "Processor time of a gigabyte"),
          Map.entry("throughput", "Throughput of TCP"),
          Map.entry("cni-add", "CNI ADD"),
          Map.entry("cni-del", "CNI DEL"),
          Map.entry("cni-parallel-add", "Many CNI ADDs at once, until the last has ended"),
          Map.entry("overlay-join", "Nodes join the overlay"),
          Map.entry("overlay-leave", "Nodes leave the overlay"),
          Map.entry("policy-update", "From the API write until a policy acts on traffic"),
          Map.entry("policy-event-to-kernel", "From a record until the kernel has the policy"),
          Map.entry("start-to-ready", "Start of the agent until it is ready"));

  private Labels() {}

  static String contender(Cell cell) {
    return cell.parameters().getOrDefault(CONTENDER, "");
  }

  /** What a figure is, else its name. */
  static String figure(String name) {
    return FIGURES.getOrDefault(name, name);
  }

  static String size(String parameter) {
    return SIZE_LABELS.getOrDefault(parameter, parameter);
  }

  /** Parameters without those that are named, such as "10,000 Services, 2 endpoints each". */
  static String parameters(Map<String, String> parameters, Set<String> without) {
    Map<String, String> rest = new TreeMap<>(parameters);
    rest.remove(CONTENDER);
    rest.keySet().removeAll(without);
    StringBuilder text = new StringBuilder();
    for (String size : SIZES) {
      String value = rest.remove(size);
      if (value != null) {
        append(text, number(value) + " " + size(size));
      }
    }
    String kernel = rest.remove(KERNEL);
    String others = rest.entrySet().stream().map(Labels::other).collect(Collectors.joining(", "));
    append(text, others);
    append(text, kernel == null ? "" : "in the lab kernel");
    return text.toString();
  }

  private static void append(StringBuilder text, String more) {
    text.append(text.isEmpty() || more.isEmpty() ? "" : ", ").append(more);
  }

  /** Texts speak for themselves; numbers and what is relative do not. */
  private static String other(Map.Entry<String, String> parameter) {
    boolean alone = Set.of("change", "what").contains(parameter.getKey());
    return alone ? parameter.getValue() : parameter.getKey() + " " + number(parameter.getValue());
  }

  private static String number(String value) {
    return value.matches("\\d{1,15}") ? Numbers.text(Double.parseDouble(value)) : value;
  }
}
