package io.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HeapTrimTest {

  private static final long MEBIBYTE = 1 << 20;

  private final AtomicLong committed = new AtomicLong(16 * MEBIBYTE);
  private final HeapTrim trim = new HeapTrim(committed::get, () -> committed.set(50 * MEBIBYTE));

  @Test
  @DisplayName("a heap that has not grown much is left alone")
  void small() {
    assertThat(trim.trim()).isFalse();
    committed.set(32 * MEBIBYTE);
    assertThat(trim.trim()).isFalse();
    assertThat(committed).hasValue(32 * MEBIBYTE);
  }

  @Test
  @DisplayName("after a burst it collects once, and again only after the next one")
  void burst() {
    committed.set(140 * MEBIBYTE);
    assertThat(trim.trim()).isTrue();
    assertThat(trim.trim()).isFalse();
    committed.set(75 * MEBIBYTE);
    assertThat(trim.trim()).as("half as much again").isFalse();
    committed.set(76 * MEBIBYTE);
    assertThat(trim.trim()).isTrue();
  }

  @Test
  @DisplayName("what is kept is measured from its least")
  void shrunk() {
    committed.set(140 * MEBIBYTE);
    trim.trim();
    committed.set(20 * MEBIBYTE);
    assertThat(trim.trim()).isFalse();
    committed.set(37 * MEBIBYTE);
    assertThat(trim.trim()).isTrue();
  }
}
