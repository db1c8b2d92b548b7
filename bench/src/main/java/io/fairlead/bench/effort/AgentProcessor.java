package io.fairlead.bench.effort;

import io.fairlead.bench.lab.Distribution;
import io.fairlead.bench.lab.Node;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import io.fairlead.bench.rules.AgentNode;
import io.fairlead.bench.rules.Backend;
import io.fairlead.bench.rules.Population;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Processor time that a whole agent takes for each change of one Service's endpoint: reading the
 * watch, projecting, reconciling, collecting garbage. By /proc/PID/stat, which counts in steps of
 * 10 ms, so that a sample is the mean of a fifth of the changes; what the agent takes while nothing
 * changes is a cell of its own and part of the others.
 */
final class AgentProcessor {

  private static final int PARTS = 5;
  private static final long BETWEEN_MILLIS = 10;

  /** Of utime and stime in proc_pid_stat(5), behind the name, which may have blanks. */
  private static final int UTIME = 11;

  /** USER_HZ is 100 on every machine that Java runs on. */
  private static final double MILLIS_PER_TICK = 10;

  private final Distribution distribution;
  private final ProgressLines progress;
  private final Samples samples;
  private final Duration idle;
  private final Map<Backend, Population> wanted = new LinkedHashMap<>();

  /**
   * @param idle how long an agent is left alone, and then looked at while nothing changes
   */
  AgentProcessor(
      Distribution distribution, ProgressLines progress, Samples samples, Duration idle) {
    this.distribution = distribution;
    this.progress = progress;
    this.samples = samples;
    this.idle = idle;
  }

  void add(Backend backend, Population population) {
    wanted.put(backend, population);
  }

  /**
   * @param changes of each agent, at least; rounded up to equal parts
   */
  void run(int changes) throws IOException, InterruptedException {
    for (Map.Entry<Backend, Population> entry : wanted.entrySet()) {
      run(entry.getKey(), entry.getValue(), Math.ceilDiv(changes, PARTS));
    }
  }

  private void run(Backend backend, Population population, int part)
      throws IOException, InterruptedException {
    progress.say("a whole agent, " + backend.title() + ", " + population.title());
    try (AgentNode made = AgentNode.create(distribution, backend, population)) {
      Node node = made.node();
      made.start();
      Thread.sleep(idle);
      double before = millis(node);
      Thread.sleep(idle);
      add(
          backend,
          population,
          "none, for a second",
          (millis(node) - before) * 1000 / idle.toMillis());
      change(made, population, 0, part);
      for (int i = 1; i <= PARTS; i++) {
        before = millis(node);
        change(made, population, i * part, part);
        add(backend, population, "endpoint replaced", (millis(node) - before) / part);
      }
      made.kill();
    }
  }

  private void add(Backend backend, Population population, String change, double millis) {
    Map<String, String> parameters = new TreeMap<>(population.parameters(backend.contender()));
    parameters.put("what", "whole agent");
    parameters.put("change", change);
    samples.add("processor", parameters, "ms", millis);
  }

  private static void change(AgentNode made, Population population, int from, int changes)
      throws IOException, InterruptedException {
    for (int i = from; i < from + changes; i++) {
      List<String> addresses = population.addresses(0);
      addresses.set(0, Population.freshAddress(i));
      made.endpoints(0, addresses);
      Thread.sleep(BETWEEN_MILLIS);
    }
  }

  private static double millis(Node node) throws IOException {
    Path file = Path.of("/proc", Long.toString(node.agent().handle().pid()), "stat");
    String stat = Files.readString(file);
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[UTIME + 1])) * MILLIS_PER_TICK;
  }
}
