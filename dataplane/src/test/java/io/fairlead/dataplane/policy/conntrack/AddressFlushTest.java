package io.fairlead.dataplane.policy.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.fairlead.dataplane.model.IpAddress;
import io.fairlead.dataplane.netlink.NetlinkException;
import io.fairlead.dataplane.netlink.conntrack.ConntrackEntry;
import io.fairlead.dataplane.netlink.conntrack.ConntrackFilter;
import io.fairlead.dataplane.netlink.conntrack.ConntrackKernel;
import io.fairlead.dataplane.sys.Errno;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AddressFlushTest {

  /** An empty table whose dumps wait for a permit, or fail. */
  private static final class GuardedKernel implements ConntrackKernel {
    private final Semaphore begun = new Semaphore(0);
    private final Semaphore permits = new Semaphore(0);
    private final List<ConntrackFilter> asked = new ArrayList<>();
    private boolean failing;
    private boolean closed;

    @Override
    public void dump(ConntrackFilter filter, Handler handler) throws IOException {
      asked.add(filter);
      begun.release();
      permits.acquireUninterruptibly();
      if (failing) {
        throw new NetlinkException("list", Errno.ENOBUFS, "", -1, 1);
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
    public void close() {
      closed = true;
    }
  }

  private final GuardedKernel kernel = new GuardedKernel();
  private final AddressFlush flush = new AddressFlush(kernel);

  private Thread caller(String address, List<String> failures) {
    return Thread.ofPlatform()
        .start(() -> {
          try {
            flush.forget(Set.of(IpAddress.parse(address)));
          } catch (IOException e) {
            synchronized (failures) {
              failures.add(String.valueOf(e.getMessage()));
            }
          }
        });
  }

  @Test
  @DisplayName("callers that come during a pass share the next one, and its failure")
  void shared() throws Exception {
    List<String> failures = new ArrayList<>();
    Thread first = caller("fd00::1", failures);
    kernel.begun.acquire();
    List<Thread> later = new ArrayList<>();
    for (int i = 2; i < 22; i++) {
      Thread next = caller("fd00::" + i, failures);
      later.add(next);
      while (next.getState() != Thread.State.WAITING) {
        Thread.onSpinWait();
      }
    }
    kernel.permits.release();
    first.join();
    kernel.begun.acquire();
    kernel.failing = true;
    kernel.permits.release();
    for (Thread thread : later) {
      thread.join();
    }
    assertThat(kernel.asked).hasSize(2);
    assertThat(failures).hasSize(20).allMatch(text -> text.contains("not forgotten: list: "));
    kernel.failing = false;
    kernel.permits.release(1);
    flush.forget(Set.of(IpAddress.parse("fd00::1")));
    assertThat(kernel.asked).as("a failure is not remembered").hasSize(3);
  }

  @Test
  @DisplayName("no address asks nothing; one IPv4 address asks for what has it")
  void questions() throws Exception {
    flush.forget(Set.of());
    assertThat(kernel.asked).isEmpty();
    kernel.permits.release(5);
    flush.forget(List.of(IpAddress.parse("10.244.1.2"), IpAddress.parse("fd00::2")));
    assertThat(kernel.asked).hasSize(5);
    kernel.failing = true;
    kernel.permits.release(1);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> flush.forget(List.of(IpAddress.parse("fd00::2"))))
        .withMessageContaining("the connections of [fd00::2] are not forgotten: list: ");
    flush.close();
    assertThat(kernel.closed).isTrue();
  }
}
