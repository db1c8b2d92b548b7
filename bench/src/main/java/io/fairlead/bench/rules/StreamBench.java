package io.fairlead.bench.rules;

import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Changes that do not wait for those before: each replaces all endpoints of one Service, so that
 * the next connection to it tells. The client takes turns among the Services whose change it has
 * not seen yet; so the longer they wait, the later each is seen, but never before it has happened.
 * A Service that changes again before it was seen counts when any of its new endpoints answers.
 */
final class StreamBench {

  private static final String CELL = Figure.RULE_UPDATE.title();
  private static final String ACKNOWLEDGEMENT = "floor: the API server's acknowledgement";

  private static final int BURST = 1000;
  private static final String BURST_TITLE = "burst of 1000";

  /** From the first write of a burst until the traffic of all its Services has moved. */
  private static final String BURST_LAST = "burst of 1000, until the last";

  private static final int PER_SECOND = 100;
  private static final String STEADY_TITLE = "steady 100/s";

  private static final long NANOS_PER_SECOND = 1_000_000_000;
  private static final long SETTLE_MILLIS = 500;
  private static final double MICROS_PER_MILLI = 1e3;

  private final RulesOptions options;
  private final ProgressLines progress;
  private final Samples samples;

  StreamBench(RulesOptions options, ProgressLines progress, Samples samples) {
    this.options = options;
    this.progress = progress;
    this.samples = samples;
  }

  /** Measures those of the workloads that are streams. */
  void run(Target target, Changes changes, Population population, Set<Workload> workloads)
      throws IOException, InterruptedException {
    if (workloads.contains(Workload.BURST)) {
      for (int round = 0; round < options.rounds(); round++) {
        Thread.sleep(SETTLE_MILLIS);
        burst(target, changes, population);
      }
    }
    if (workloads.contains(Workload.STEADY)) {
      Thread.sleep(SETTLE_MILLIS);
      steady(target, changes, population);
    }
  }

  /**
   * A change that was written.
   *
   * @param from its latency counts from here, by System.nanoTime
   */
  private record Written(long from, long acknowledged, Watch watch) {}

  private void burst(Target target, Changes changes, Population population)
      throws IOException, InterruptedException {
    List<Change> burst = new ArrayList<>();
    for (int i = 0; i < BURST; i++) {
      burst.add(changes.replaceAll(i % population.services()));
    }
    List<Written> written = new ArrayList<>();
    for (Change change : burst) {
      Watch watch = Watch.of(change);
      target.client().watch(watch);
      Applied applied = target.apply(change);
      written.add(new Written(applied.begin(), applied.acknowledged(), watch));
    }
    long last = report(target, population, BURST_TITLE, written);
    long first = written.getFirst().from();
    samples.addNanos(CELL, parameters(population, target.contender(), BURST_LAST), last - first);
    samples.addNanos(
        CELL,
        parameters(population, ACKNOWLEDGEMENT, BURST_LAST),
        written.getLast().acknowledged() - first);
  }

  /**
   * An open loop: a change is due every hundredth of a second, and its latency counts from then on,
   * also if its write had to wait for the one before. So no delay hides those that it causes.
   */
  private void steady(Target target, Changes changes, Population population)
      throws IOException, InterruptedException {
    progress.say(STEADY_TITLE + " for " + options.seconds() + " s: " + target.contender());
    Random random = new Random(options.seed());
    List<Written> written = new ArrayList<>();
    long begin = System.nanoTime() + NANOS_PER_SECOND / PER_SECOND;
    for (int i = 0; i < options.seconds() * PER_SECOND; i++) {
      Change change = changes.replaceAll(random.nextInt(population.services()));
      Watch watch = Watch.of(change);
      long due = begin + i * NANOS_PER_SECOND / PER_SECOND;
      while (System.nanoTime() < due) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      target.client().watch(watch);
      Applied applied = target.apply(change);
      written.add(new Written(due, applied.acknowledged(), watch));
    }
    report(target, population, STEADY_TITLE, written);
  }

  /** Awaits all, and returns when the last one was seen. */
  private long report(Target target, Population population, String title, List<Written> written)
      throws IOException, InterruptedException {
    Map<String, String> parameters = parameters(population, target.contender(), title);
    Histogram histogram = new Histogram(3);
    long last = Long.MIN_VALUE;
    for (Written each : written) {
      long seen = each.watch().await(TrafficBench.LIMIT);
      last = last == Long.MIN_VALUE || seen - last > 0 ? seen : last;
      samples.addNanos(CELL, parameters, seen - each.from());
      histogram.recordValue(Math.max(0, seen - each.from()) / 1000);
    }
    progress.say(
        String.format(
            Locale.ROOT,
            "%s, %s: p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms, max %.2f ms",
            target.contender(),
            title,
            histogram.getValueAtPercentile(50) / MICROS_PER_MILLI,
            histogram.getValueAtPercentile(99) / MICROS_PER_MILLI,
            histogram.getValueAtPercentile(99.9) / MICROS_PER_MILLI,
            histogram.getMaxValue() / MICROS_PER_MILLI));
    return last;
  }

  private static Map<String, String> parameters(
      Population population, String contender, String change) {
    Map<String, String> all = new TreeMap<>(population.parameters(contender));
    all.put("change", change);
    return all;
  }
}
