package io.fairlead.bench.policy;

import io.fairlead.bench.lab.AgentProcess;
import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What a large cluster's pods and policies cost in memory, on top of an agent without policies. */
final class MemoryBench {

  private static final double BYTES_PER_MEGABYTE = 1e6;

  /** Memory has come to rest when it changes by less within so many milliseconds. */
  private static final double REST_MEGABYTES = 0.5;

  private static final long REST_MILLIS = 500;
  private static final int MOST_LOOKS = 20;

  private final PolicyOptions options;
  private final ProgressLines progress;
  private final Samples samples;

  MemoryBench(PolicyOptions options, ProgressLines progress, Samples samples) {
    this.options = options;
    this.progress = progress;
    this.samples = samples;
  }

  /**
   * The records, and what is derived from them, in this JVM's heap; 0 if that is less than noise.
   */
  void heap() throws IOException, InterruptedException {
    double before = usedHeap();
    try (Contender contender = Entrant.fairlead().open()) {
      long nanos = contender.load(ClusterObjects.of(options.large()));
      samples.addNanos("first-sync", parameters(Map.of()), nanos);
      add("heap", Math.max(0, usedHeap() - before));
    }
  }

  private static double usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / BYTES_PER_MEGABYTE;
  }

  /** Agents with and without policies beside the same API server. */
  void agents() throws IOException, InterruptedException {
    progress.say("an API server with " + options.large().title());
    try (PolicyNode made =
        PolicyNode.create(Distribution.required(), ClusterObjects.of(options.large()))) {
      double without = resident(made, false);
      double with = resident(made, true);
      add("resident, without policies", without);
      add("resident, with policies", with);
      add("resident, on top", with - without);
    }
  }

  private double resident(PolicyNode made, boolean policies)
      throws IOException, InterruptedException {
    made.node().configure("network-policies", Boolean.toString(policies));
    made.node().startAgent();
    long ready = made.node().waitReady().toNanos();
    samples.addNanos(
        "start-to-ready", parameters(Map.of("enforcing", Boolean.toString(policies))), ready);
    double megabytes = atRest(made.node().agent());
    progress.say(String.format(Locale.ROOT, "%.0f MB resident", megabytes));
    made.node().killAgent();
    return megabytes;
  }

  private static double atRest(AgentProcess agent) throws IOException, InterruptedException {
    double before = 0;
    double now = agent.residentBytes() / BYTES_PER_MEGABYTE;
    for (int look = 0; look < MOST_LOOKS && Math.abs(now - before) > REST_MEGABYTES; look++) {
      Thread.sleep(REST_MILLIS);
      before = now;
      now = agent.residentBytes() / BYTES_PER_MEGABYTE;
    }
    return now;
  }

  private void add(String what, double megabytes) {
    samples.add("memory", parameters(Map.of("what", what)), "MB", megabytes);
  }

  private Map<String, String> parameters(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(more);
    all.putAll(options.large().parameters());
    all.put("contender", FairleadContender.NAME);
    return all;
  }
}
