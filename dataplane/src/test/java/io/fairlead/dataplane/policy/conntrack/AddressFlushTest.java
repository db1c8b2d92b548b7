package io.fairlead.dataplane.policy.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.dataplane.model.Cidr;
import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackKernel;
import io.fairlead.dataplane.netlink.conntrack.FakeConntrack;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AddressFlushTest {

  private static final String POD = "10.244.1.2";
  private static final String OTHER = "10.244.1.3";
  private static final List<Cidr> PODS = List.of(Cidr.parse("10.244.1.0/24"));

  /** A table whose dumps wait for a permit, and fail as often as they are told to. */
  private static final class GuardedKernel implements ConntrackKernel {
    private final FakeConntrack table = new FakeConntrack();
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore permits = new Semaphore(1000);
    private final List<ConntrackFilter> asked = new ArrayList<>();
    private int failing;

    @Override
    public synchronized void dump(ConntrackFilter filter, Handler handler) throws IOException {
      asked.add(filter);
      begun.release();
      permits.acquireUninterruptibly();
      if (failing > 0) {
        failing--;
        throw new NetlinkException("list", Errno.ENOBUFS, "", -1, 1);
      }
      table.dump(filter, handler);
    }

    @Override
    public int delete(Collection<ConntrackEntry> entries) {
      return table.delete(entries);
    }

    @Override
    public long count() {
      return table.count();
    }

    @Override
    public void close() {}
  }

  private final GuardedKernel kernel = new GuardedKernel();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final BlockingQueue<IOException> failures = new LinkedBlockingQueue<>();
  private final AddressFlush flush =
      new AddressFlush(
          kernel,
          () -> Set.of(IpAddress.parse("10.244.1.1")),
          () -> closed.set(true),
          failures::add);

  @AfterEach
  void close() {
    flush.close();
    assertThat(closed).isTrue();
  }

  private static List<IpAddress> addresses(String... texts) {
    return Arrays.stream(texts).map(IpAddress::parse).toList();
  }

  private void connect(String from, String to) {
    kernel.table.add(Entries.tcp(from, 40000, to, 80));
  }

  private Thread caller(String address, List<String> refusals) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            flush.occupy(addresses(address));
          } catch (IOException e) {
            synchronized (refusals) {
              refusals.add(String.valueOf(e.getMessage()));
            }
          }
        });
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  @Test
  @DisplayName("owners that come during a pass share the next one; a failure is tried by each")
  void shared() throws Exception {
    connect("10.9.0.1", OTHER);
    kernel.permits.drainPermits();
    List<String> refusals = new ArrayList<>();
    Thread first = caller("fd00::1", refusals);
    kernel.begun.acquire();
    List<Thread> later = new ArrayList<>();
    for (int i = 2; i < 22; i++) {
      Thread next = caller("fd00::" + i, refusals);
      later.add(next);
      awaitWaiting(next);
    }
    kernel.failing = 2;
    kernel.permits.release(3);
    first.join();
    for (Thread thread : later) {
      thread.join();
    }
    assertThat(kernel.asked).as("two that fail, and one for all who are left").hasSize(3);
    assertThat(refusals).hasSize(2).allMatch(text -> text.matches("(?s).*may be left: list: .*"));
  }

  @Test
  @DisplayName("at the start the kernel forgets what nobody holds, but the node's own")
  void begin() throws Exception {
    connect("10.244.1.1", POD);
    connect("10.9.0.1", POD);
    connect("10.9.0.1", OTHER);
    connect("10.244.1.9", "10.9.0.1");
    flush.begin(PODS, addresses(POD));
    assertThat(kernel.count()).isEqualTo(2);
    assertThat(kernel.table.toString()).doesNotContain(OTHER, "10.244.1.9");
  }

  @Test
  @DisplayName("an address that was cleaned when its owner left is ready at once (faults 26)")
  void ready() throws Exception {
    connect("10.9.0.1", "10.9.0.2");
    flush.begin(PODS, List.of());
    flush.occupy(addresses(POD));
    assertThat(kernel.asked).as("one dump, at the start").hasSize(1);
    connect("10.9.0.1", POD);
    connect("10.9.0.1", OTHER);
    flush.release(addresses(POD));
    kernel.begun.acquire(2);
    flush.occupy(addresses("10.244.1.7"));
    while (kernel.count() > 2) {
      Thread.onSpinWait();
    }
    assertThat(kernel.table.toString()).contains(OTHER).doesNotContain(POD);
    assertThat(kernel.asked).hasSize(2);
  }

  @Test
  @DisplayName("a table without entries is not walked through")
  void empty() throws Exception {
    flush.begin(PODS, List.of());
    flush.occupy(addresses("10.77.0.1"));
    assertThat(kernel.asked).isEmpty();
  }

  @Test
  @DisplayName("an address outside of the pods' networks is never taken for clean")
  void elsewhere() throws Exception {
    flush.begin(PODS, List.of());
    connect("10.9.0.1", "10.77.0.1");
    flush.occupy(addresses("10.77.0.1"));
    assertThat(kernel.count()).isZero();
  }

  @Test
  @DisplayName("the next owner's connections outlive the last one's cleaning (faults 26)")
  void overtaken() throws Exception {
    connect("10.9.0.1", "10.9.0.2");
    flush.begin(PODS, List.of());
    flush.occupy(addresses(POD, OTHER));
    connect("10.9.0.1", POD);
    kernel.begun.acquire();
    kernel.permits.drainPermits();
    flush.release(addresses(OTHER));
    kernel.begun.acquire();
    flush.release(addresses(POD));
    List<String> refusals = new ArrayList<>();
    Thread next = caller(POD, refusals);
    awaitWaiting(next);
    kernel.permits.release(1000);
    next.join();
    assertThat(refusals).isEmpty();
    assertThat(kernel.count()).as("the last one's is gone").isEqualTo(1);
    connect("10.9.0.2", POD);
    kernel.begun.drainPermits();
    flush.release(addresses(OTHER));
    assertThat(kernel.begun.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    flush.close();
    assertThat(kernel.count()).as("the next one's stays").isEqualTo(2);
  }

  @Test
  @DisplayName("what could not be cleaned is left to the next owner")
  void failed() throws Exception {
    flush.begin(PODS, List.of());
    flush.occupy(addresses(POD));
    connect("10.9.0.1", POD);
    kernel.failing = 1;
    flush.release(addresses(POD));
    assertThat(failures.poll(20, TimeUnit.SECONDS)).hasMessageStartingWith("list: ");
    kernel.failing = 1;
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> flush.occupy(addresses(POD)))
        .withMessageContaining("connections of former owners of [10.244.1.2] may be left: list: ");
    flush.occupy(addresses(POD));
    assertThat(kernel.count()).isZero();
  }
}
