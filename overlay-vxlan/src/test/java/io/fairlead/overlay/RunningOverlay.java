package io.fairlead.overlay;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.NodeRecord;
import io.fairlead.dataplane.model.ObjectChange.NodeChanged;
import io.fairlead.dataplane.netlink.route.RouteEvent;
import io.fairlead.dataplane.netlink.route.RouteMonitor;
import io.fairlead.dataplane.netlink.route.RouteOperation;
import io.fairlead.dataplane.netlink.route.RouteSocket;
import io.fairlead.overlay.OverlayLab.LabNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** An overlay that follows the kernel's events on one thread, as an agent's does. */
final class RunningOverlay implements AutoCloseable {

  private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

  final LabNode node;
  private final RouteSocket kernel;
  private final Overlay overlay;
  private final LinkedBlockingQueue<Object> queue = new LinkedBlockingQueue<>();
  private final RouteMonitor monitor;
  private final Thread thread;

  /** Operations that repairs took, since the start. */
  final AtomicInteger repairs = new AtomicInteger();

  private volatile @Nullable Throwable failure;

  private record Task(Callable<?> work, CompletableFuture<Object> answer) {}

  private record End() {}

  private RunningOverlay(
      LabNode node, String name, OverlayOptions options, @Nullable ChecksumOffload offload)
      throws Exception {
    this.node = node;
    this.kernel = node.host.call(RouteSocket::open);
    this.overlay =
        new Overlay(kernel, ReversePathFilter.ofKernel(), name, options, offload, System::nanoTime);
    this.monitor = node.host.call(() -> RouteMonitor.start(queue::add, queue::add));
    // A thread has the network namespace of the one that starts it.
    this.thread =
        node.host.call(() -> Thread.ofPlatform().name("overlay-" + node.number).start(this::run));
  }

  /** Over a kernel that is not touched yet. */
  static RunningOverlay on(LabNode node, OverlayOptions options) throws Exception {
    return new RunningOverlay(node, node.record.name(), options, null);
  }

  static RunningOverlay on(LabNode node, OverlayOptions options, @Nullable ChecksumOffload offload)
      throws Exception {
    return new RunningOverlay(node, node.record.name(), options, offload);
  }

  /** Under another name than the lab's. */
  static RunningOverlay named(LabNode node, String name, OverlayOptions options) throws Exception {
    return new RunningOverlay(node, name, options, null);
  }

  private void run() {
    try {
      follow();
    } catch (Exception | AssertionError e) {
      failure = e;
    }
  }

  private void follow() throws Exception {
    while (true) {
      Object first = queue.poll(Math.min(overlay.dueIn(), PATIENCE), TimeUnit.NANOSECONDS);
      List<Object> batch = new ArrayList<>();
      if (first != null) {
        batch.add(first);
      }
      queue.drainTo(batch);
      List<RouteEvent> events =
          batch.stream().filter(RouteEvent.class::isInstance).map(RouteEvent.class::cast).toList();
      if (!events.isEmpty() || overlay.dueIn() == 0) {
        repairs.addAndGet(overlay.handle(events).applied().size());
      }
      for (Object item : batch) {
        if (item instanceof End) {
          return;
        }
        if (item instanceof Task(Callable<?> work, CompletableFuture<Object> answer)) {
          answer.complete(work.call());
        } else if (item instanceof Exception problem) {
          throw problem;
        }
      }
    }
  }

  @SuppressWarnings("unchecked") // The answer is what the work returned.
  private <T> T call(Callable<T> work) throws Exception {
    Task task = new Task(work, new CompletableFuture<>());
    queue.add(task);
    return (T) task.answer().get(10, TimeUnit.SECONDS);
  }

  OverlayOutcome replaceNodes(Collection<NodeRecord> nodes) throws Exception {
    return call(() -> overlay.replaceNodes(nodes));
  }

  OverlayOutcome update(String name, @Nullable NodeRecord record) throws Exception {
    return call(() -> overlay.updateNodes(List.of(new NodeChanged(name, record))));
  }

  OverlayOutcome update(NodeRecord record) throws Exception {
    return update(record.name(), record);
  }

  OverlayOutcome reconfigure(OverlayOptions options) throws Exception {
    return call(() -> overlay.reconfigure(options));
  }

  OverlayStatus status() throws Exception {
    return call(overlay::status);
  }

  int podMtu() throws Exception {
    return call(overlay::podMtu);
  }

  /** What a complete comparison with the kernel finds to mend: nothing, if all was repaired. */
  List<RouteOperation> audit() throws Exception {
    return call(() -> overlay.audit().applied());
  }

  /** Something that becomes true. */
  interface Condition {
    boolean holds() throws Exception;
  }

  /** Waits for it, and returns after how many nanoseconds it was so. */
  static long await(String what, Condition condition) throws Exception {
    long begin = System.nanoTime();
    while (!condition.holds()) {
      assertThat(System.nanoTime() - begin).as("time until " + what).isLessThan(PATIENCE);
      LockSupport.parkNanos(100_000);
    }
    return System.nanoTime() - begin;
  }

  /** All that is ours in the node's kernel, without what a device that is made anew changes. */
  static String state(LabNode node) throws Exception {
    StringBuilder text = new StringBuilder();
    var device = node.kernel.link(TunnelDevice.NAME);
    if (device == null) {
      return "no device";
    }
    String index = " dev " + device.index();
    text.append(device.toString().replaceFirst("link \\d+", "link")).append('\n');
    List<String> lines = new ArrayList<>();
    node.kernel.addresses(device.index()).stream()
        .filter(address -> !address.address().toString().startsWith("fe80"))
        .map(address -> address.address() + "/" + address.prefixLength())
        .forEach(lines::add);
    node.kernel.routes(io.fairlead.dataplane.netlink.route.RouteFilter.MAIN_TABLE).stream()
        .filter(CommittedEntries::isOurs)
        .map(Object::toString)
        .forEach(lines::add);
    node.kernel.neighbours(device.index()).stream()
        .map(Object::toString)
        .filter(line -> line.contains("permanent"))
        .forEach(lines::add);
    node.kernel.forwardingEntries(device.index()).stream()
        .filter(entry -> entry.destination() != null)
        .map(Object::toString)
        .forEach(lines::add);
    lines.stream()
        .map(line -> line.replace(index, " dev DEVICE"))
        .sorted()
        .forEach(line -> text.append(line).append('\n'));
    return text.toString();
  }

  @Override
  public void close() {
    queue.add(new End());
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    monitor.close();
    kernel.close();
    assertThat(failure).isNull();
  }
}
