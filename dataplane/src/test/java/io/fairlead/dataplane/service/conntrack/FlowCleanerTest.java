package io.fairlead.dataplane.service.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.model.Protocol;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackKernel;
import io.fairlead.dataplane.netlink.route.FakeRouteKernel;
import io.fairlead.dataplane.service.EndpointAddress;
import io.fairlead.dataplane.service.FrontendAddress;
import io.fairlead.dataplane.service.VirtualAddress;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FlowCleanerTest {

  /** An empty table; each dump waits for a permit, and fails as often as it is told to. */
  private static final class GuardedKernel implements ConntrackKernel {
    private final Semaphore permits = new Semaphore(0);
    private final BlockingQueue<ConntrackFilter> asked = new LinkedBlockingQueue<>();
    private final BlockingQueue<Exception> failures = new LinkedBlockingQueue<>();

    @Override
    public void dump(ConntrackFilter filter, Handler handler) throws IOException {
      asked.add(filter);
      permits.acquireUninterruptibly();
      switch (failures.poll()) {
        case null -> {}
        case IOException e -> throw e;
        case RuntimeException e -> throw e;
        case Exception e -> throw new AssertionError(e);
      }
    }

    @Override
    public int delete(Collection<ConntrackEntry> entries) {
      throw new AssertionError("there is nothing to delete");
    }

    @Override
    public long count() {
      return 0;
    }

    @Override
    public void close() {}
  }

  private final GuardedKernel kernel = new GuardedKernel();
  private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
  private final AtomicBoolean closed = new AtomicBoolean();

  private FlowCleaner start() {
    return FlowCleaner.start(
        kernel,
        Set::of,
        new StrayedFlows(kernel, new FakeRouteKernel(), List::of),
        () -> closed.set(true),
        new FlowCleaner.Listener() {
          @Override
          public void cleaned(int frontends, int deleted, long nanoseconds) {
            told.add("cleaned " + frontends);
          }

          @Override
          public void failed(IOException cause) {
            told.add(String.valueOf(cause.getMessage()));
          }
        });
  }

  private static Map<FrontendAddress, Set<EndpointAddress>> frontend(String address) {
    return Map.of(new VirtualAddress(IpAddress.parse(address), Protocol.UDP, 53), Set.of());
  }

  private String next(BlockingQueue<String> queue) throws InterruptedException {
    String text = queue.poll(20, TimeUnit.SECONDS);
    return text == null ? "nothing" : text;
  }

  @Test
  @DisplayName("a pass for flows that strayed is tried again until it does not fail")
  void strayed() throws Exception {
    try (FlowCleaner cleaner = start()) {
      kernel.failures.add(new IOException("the table is busy"));
      kernel.permits.release(2);
      cleaner.forgetStrayed();
      assertThat(next(told)).isEqualTo("the table is busy");
      assertThat(next(told)).isEqualTo("cleaned 0");
      assertThat(kernel.asked).hasSize(2);
    }
  }

  @Test
  @DisplayName("what arrives during a pass is one next pass, with each frontend once")
  void collapses() throws Exception {
    FlowCleaner cleaner = start();
    cleaner.clean(Map.of());
    cleaner.clean(frontend("10.96.0.1"));
    assertThat(kernel.asked.poll(20, TimeUnit.SECONDS)).isNotNull();
    for (int i = 0; i < 1000; i++) {
      cleaner.clean(frontend("10.96.0.2"));
      cleaner.clean(frontend("10.96.0.3"));
    }
    assertThat(cleaner.waiting()).isEqualTo(2);
    kernel.permits.release(2);
    assertThat(next(told)).isEqualTo("cleaned 1");
    assertThat(next(told)).isEqualTo("cleaned 2");
    cleaner.close();
    assertThat(closed).isTrue();
    assertThat(kernel.asked).as("one dump for both").hasSize(1);
  }

  @Test
  @DisplayName(
      "interrupted and overrun dumps are tried again, as is what nobody foresaw" + " (services 46)")
  void failures() throws Exception {
    kernel.failures.add(new NetlinkException("list", Errno.EINTR, "", -1, 1));
    kernel.failures.add(new NetlinkException("list", Errno.ENOBUFS, "", -1, 2));
    kernel.failures.add(new IllegalStateException("a bug"));
    kernel.permits.release(10);
    FlowCleaner cleaner = start();
    cleaner.clean(frontend("10.96.0.1"));
    assertThat(next(told)).startsWith("list: ");
    assertThat(next(told)).startsWith("list: ");
    assertThat(next(told)).contains("unexpectedly", "a bug");
    assertThat(next(told)).isEqualTo("cleaned 1");
    assertThat(cleaner.waiting()).isZero();
    cleaner.close();
  }

  @Test
  @DisplayName("what changed during a pass that failed is not undone by its repetition")
  void newerWins() throws Exception {
    kernel.failures.add(new NetlinkException("list", Errno.EINTR, "", -1, 1));
    FlowCleaner cleaner = start();
    cleaner.clean(frontend("10.96.0.1"));
    assertThat(kernel.asked.poll(20, TimeUnit.SECONDS)).isNotNull();
    cleaner.clean(frontend("10.96.0.1"));
    cleaner.clean(frontend("10.96.0.2"));
    kernel.permits.release(2);
    assertThat(next(told)).startsWith("list: ");
    assertThat(next(told)).isEqualTo("cleaned 2");
    cleaner.close();
  }

  @Test
  @DisplayName("it ends while nothing waits, and while a repetition does")
  void ends() throws Exception {
    start().close();
    kernel.failures.add(new NetlinkException("list", Errno.EINTR, "", -1, 1));
    kernel.permits.release(1);
    FlowCleaner cleaner = start();
    cleaner.clean(frontend("10.96.0.1"));
    assertThat(next(told)).startsWith("list: ");
    cleaner.close();
    assertThat(closed).isTrue();
  }
}
