package io.fairlead.bench.memory;

import io.fairlead.bench.effort.EffortMeter;
import io.fairlead.bench.effort.PolicySubject;
import io.fairlead.bench.effort.ServiceSubject;
import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.policy.ClusterObjects;
import io.fairlead.bench.policy.PolicyNode;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import io.fairlead.bench.rules.AgentNode;
import io.fairlead.bench.rules.Backend;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Memory of an agent, and of the kernel for what the agent puts into it. */
final class MemoryBench {

  private static final double BYTES_PER_MEGABYTE = 1e6;

  private static final int NAMED_CACHES = 8;

  private final Distribution distribution;
  private final ProgressLines progress;
  private final Samples samples;
  private final Duration idle;

  /**
   * @param idle how long an agent is left alone before it is looked at
   */
  MemoryBench(Distribution distribution, ProgressLines progress, Samples samples, Duration idle) {
    this.distribution = distribution;
    this.progress = progress;
    this.samples = samples;
    this.idle = idle;
  }

  /** One sample of an agent's process, some time after it was ready. */
  void agent(Backend backend, Cluster cluster) throws IOException, InterruptedException {
    progress.say("an agent, " + backend.title() + ", with " + cluster.title());
    try (AgentNode made = AgentNode.create(distribution, backend, cluster.services())) {
      var policies = cluster.policies();
      if (policies != null) {
        made.publish(writer -> PolicyNode.publish(ClusterObjects.of(policies), writer));
      }
      made.start();
      Thread.sleep(idle);
      AgentMemory memory = AgentMemory.of(made.node().agent().handle());
      made.kill();
      add(backend, cluster, "resident", memory.resident());
      add(backend, cluster, "pss", memory.proportional());
      add(backend, cluster, "heap", memory.heap());
    }
  }

  /**
   * One sample of the kernel's memory, before and after this process loads the same rules; says
   * which caches have grown most.
   */
  void kernel(Backend backend, Cluster cluster, Map<String, String> environment)
      throws IOException, InterruptedException {
    KernelMemory before;
    try {
      before = KernelMemory.atRest();
    } catch (IOException e) {
      progress.say(String.valueOf(e.getMessage()));
      environment.put("slab", String.valueOf(e.getMessage()));
      return;
    }
    try (EffortMeter meter = new EffortMeter(new Samples(), true);
        var services = ServiceSubject.create(backend, cluster.services(), meter)) {
      var policies = cluster.policies();
      if (policies == null) {
        add(backend, cluster, before, environment);
      } else {
        try (var loaded = PolicySubject.create(policies, meter)) {
          progress.say(services.title() + "; " + loaded.title());
          add(backend, cluster, before, environment);
        }
      }
    }
  }

  private void add(
      Backend backend, Cluster cluster, KernelMemory before, Map<String, String> environment)
      throws IOException, InterruptedException {
    KernelMemory grown = KernelMemory.atRest().since(before);
    add(backend, cluster, "slab", grown.slab());
    add(backend, cluster, "percpu", grown.percpu());
    add(backend, cluster, "vmalloc", grown.vmalloc());
    String caches =
        grown.caches().entrySet().stream()
            .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
            .limit(NAMED_CACHES)
            .map(entry ->
                String.format(Locale.ROOT, "%s %.1f MB", entry.getKey(), entry.getValue() / 1e6))
            .collect(Collectors.joining(", "));
    environment.put("slab of " + backend.title(), caches);
  }

  private void add(Backend backend, Cluster cluster, String what, long bytes) {
    double megabytes = bytes / BYTES_PER_MEGABYTE;
    progress.say(String.format(Locale.ROOT, "%.1f MB %s", megabytes, what));
    Map<String, String> parameters = new TreeMap<>(cluster.parameters(backend.contender()));
    parameters.put("what", what);
    samples.add("memory", parameters, "MB", megabytes);
  }
}
