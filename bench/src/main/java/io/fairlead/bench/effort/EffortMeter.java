package io.fairlead.bench.effort;

import com.sun.management.ThreadMXBean;
import io.fairlead.bench.result.Samples;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;

/**
 * Takes a sample of each count for each change that it is given. Not thread-safe, but the changes
 * may be made by any thread.
 */
public final class EffortMeter implements AutoCloseable {

  private static final double NANOS_PER_MILLI = 1e6;

  private final ThreadMXBean threads =
      (ThreadMXBean) ManagementFactory.getThreadMXBean(); // HotSpot's is one.
  private final NetlinkMeter netlink = NetlinkMeter.open();
  private final Samples samples;
  private final boolean onlyCounts;
  private boolean warmingUp;
  private boolean isWarm;

  /**
   * @param onlyCounts whether to leave out what differs from run to run and from kernel to kernel:
   *     processor time, the allocation of what is done for the first time, and the bytes that the
   *     kernel sends
   */
  public EffortMeter(Samples samples, boolean onlyCounts) {
    this.samples = samples;
    this.onlyCounts = onlyCounts;
  }

  /** What is counted. */
  @FunctionalInterface
  interface Step {

    /**
     * Returns once the kernel has acknowledged it.
     *
     * @return how many operations the change took, or {@link #NOT_COUNTED}
     */
    long take() throws IOException, InterruptedException;
  }

  /** In place of a number of operations. */
  static final long NOT_COUNTED = -1;

  /** From now on changes are made and leave no samples, or leave them again. */
  void warmUp(boolean begins) {
    warmingUp = begins;
    isWarm = !begins;
  }

  /**
   * Makes a change.
   *
   * @param thread that reconciles, by its id: whose allocation and processor time are counted
   * @param parameters contender and sizes
   * @param change its kind
   * @param divisor how many changes it stands for; samples are for one
   */
  void change(long thread, Map<String, String> parameters, String change, int divisor, Step step)
      throws IOException, InterruptedException {
    NetlinkMeter.Traffic trafficBefore = netlink.traffic();
    long processorBefore = threads.getThreadCpuTime(thread);
    long allocatedBefore = threads.getThreadAllocatedBytes(thread);
    long operations = step.take();
    long allocated = threads.getThreadAllocatedBytes(thread) - allocatedBefore;
    long processor = threads.getThreadCpuTime(thread) - processorBefore;
    NetlinkMeter.Traffic traffic = netlink.traffic().since(trafficBefore);
    if (warmingUp) {
      return;
    }
    Recorder recorder = new Recorder(with(parameters, "change", change), divisor);
    if (traffic.calls() > 0) { // Programs of iptables-legacy use no socket of ours.
      recorder.addTraffic(traffic);
    }
    if (operations != NOT_COUNTED) {
      recorder.add("effort-operations", "what", "plan", "operations", operations);
    }
    if (isWarm || !onlyCounts) { // Classes that are loaded allocate, too, by where they are.
      recorder.add("effort-allocation", "what", "reconciling thread", "B", allocated);
    }
    if (!onlyCounts) {
      recorder.addFigure(
          "processor", "what", "reconciling thread", "ms", processor / NANOS_PER_MILLI);
    }
  }

  /** A change that stands for itself. */
  void change(long thread, Map<String, String> parameters, String change, Step step)
      throws IOException, InterruptedException {
    change(thread, parameters, change, 1, step);
  }

  /** The samples of one change. */
  private final class Recorder {

    private final Map<String, String> parameters;
    private final int divisor;

    Recorder(Map<String, String> parameters, int divisor) {
      this.parameters = parameters;
      this.divisor = divisor;
    }

    void addTraffic(NetlinkMeter.Traffic traffic) {
      add("netlink-messages", "direction", "sent", "messages", traffic.messagesSent());
      add("netlink-messages", "direction", "received", "messages", traffic.messagesReceived());
      add("netlink-bytes", "direction", "sent", "bytes", traffic.bytesSent());
      if (!onlyCounts) {
        add("netlink-bytes", "direction", "received", "bytes", traffic.bytesReceived());
      }
      add("effort-system-calls", "what", "netlink sockets", "calls", traffic.calls());
    }

    void add(String name, String aspect, String of, String unit, long count) {
      addFigure(name, aspect, of, unit, (double) count);
    }

    void addFigure(String name, String aspect, String of, String unit, double value) {
      samples.add(name, with(parameters, aspect, of), unit, value / divisor);
    }
  }

  private static Map<String, String> with(
      Map<String, String> parameters, String key, String value) {
    Map<String, String> all = new TreeMap<>(parameters);
    all.put(key, value);
    return all;
  }

  @Override
  public void close() {
    netlink.close();
  }
}
