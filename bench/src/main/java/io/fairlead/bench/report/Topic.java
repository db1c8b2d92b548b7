package io.fairlead.bench.report;

import java.util.List;

/**
 * A section of the report.
 *
 * @param text what its figures mean
 * @param names of the figures it has, in this order; one that ends with "-" names all that begin so
 */
record Topic(String id, String title, String text, List<String> names) {

  static final List<Topic> ALL =
      List.of(
          new Topic(
              "rules",
              "Rule updates",
              """
              `rule-update` is what users feel: from the write to the API server until a connection of a real \
              client was answered by the new endpoint. `record-to-traffic` leaves the API server out, and \
              `event-to-kernel` ends when the kernel has acknowledged.\
              """,
              List.of("rule-update", "record-to-traffic", "event-to-kernel")),
          new Topic(
              "sync",
              "First sync and restart",
              """
              From records in hand until the kernel holds everything, and the same over a kernel that holds it \
              already.\
              """,
              List.of("first-sync", "restart", "restart-")),
          new Topic(
              "effort",
              "What a change costs",
              """
              What one change takes besides time: messages and bytes of netlink, system calls, operations, memory \
              allocated, processor time.\
              """,
              List.of(
                  "processor",
                  "netlink-messages",
                  "netlink-bytes",
                  "system-calls",
                  "operations",
                  "allocation",
                  "effort-")),
          new Topic(
              "memory",
              "Memory",
              "Heap after a collection, resident memory of the process, and the kernel's slab.",
              List.of("memory", "memory-")),
          new Topic(
              "policy",
              "NetworkPolicies",
              "From the write to the API server until traffic is let through or not, and until the kernel knows.",
              List.of("policy-update", "policy-event-to-kernel", "policy-")),
          new Topic(
              "datapath",
              "Data path",
              "What Services and policies cost the packets: connecting, and throughput once connected.",
              List.of(
                  "connect-latency",
                  "round-trip",
                  "throughput",
                  "processor-per-gigabyte",
                  "throughput-",
                  "connect-",
                  "datapath-")),
          new Topic(
              "pods",
              "Pods",
              "Each ADD and DEL is a process as a container runtime executes it, one after the other or at once.",
              List.of("cni-")),
          new Topic(
              "overlay",
              "Nodes that join and leave",
              "From the records of nodes until the kernel knows the way to their pods.",
              List.of("overlay-")),
          new Topic(
              "start",
              "Start of the agent",
              "From the start of the process until `/healthz` says that all is as the cluster wants it.",
              List.of("start-")),
          new Topic(
              "ffi",
              "Calling the kernel from Java",
              "The same netlink exchange through java.lang.foreign and through JNR-FFI.",
              List.of("ffi-")),
          new Topic(
              "micro",
              "Inner loops",
              "Microbenchmarks of codecs, differences and pure functions, with what they allocate.",
              List.of("micro-")));

  /** Where everything belongs that no other topic names. */
  static final Topic OTHER = new Topic("other", "Other figures", "", List.of());

  /** Whether it has the figure of this name. */
  boolean has(String name) {
    return rank(name) < names.size();
  }

  /** Where a figure stands in it. */
  int rank(String name) {
    for (int i = 0; i < names.size(); i++) {
      String one = names.get(i);
      if (one.equals(name) || (one.endsWith("-") && name.startsWith(one))) {
        return i;
      }
    }
    return names.size();
  }

  static Topic of(String name) {
    return ALL.stream().filter(topic -> topic.has(name)).findFirst().orElse(OTHER);
  }
}
