package io.fairlead.cni;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.cni.protocol.AttachmentKey;
import io.fairlead.cni.protocol.CniException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AttachmentLocksTest {

  private final AttachmentLocks locks = new AttachmentLocks();

  private static AttachmentKey key(String container) {
    return new AttachmentKey("n", container, "eth0");
  }

  @Test
  @DisplayName("one attachment's actions take turns, and no lock is left")
  void turns() throws Exception {
    int[] unguarded = {0};
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (int n = 0; n < 2_000; n++) {
                  increment(unguarded);
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(unguarded[0]).isEqualTo(16_000);
    assertThat(locks.size()).isZero();
  }

  private void increment(int[] unguarded) {
    try {
      locks.exclusively(key("a"), () -> unguarded[0]++);
    } catch (CniException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  @DisplayName("whoever waits keeps no other attachment waiting")
  void independent() throws Exception {
    AtomicInteger inner = new AtomicInteger();
    locks.exclusively(
        key("slow"),
        () -> {
          for (int i = 0; i < 1_000; i++) {
            AttachmentKey other = key("c" + i);
            Thread thread =
                Thread.ofPlatform()
                    .start(() -> {
                      try {
                        locks.exclusively(other, inner::incrementAndGet);
                      } catch (CniException e) {
                        throw new AssertionError(e);
                      }
                    });
            try {
              thread.join();
            } catch (InterruptedException e) {
              throw new AssertionError(e);
            }
          }
          return true;
        });
    assertThat(inner).hasValue(1_000);
    assertThat(locks.size()).isZero();
  }
}
