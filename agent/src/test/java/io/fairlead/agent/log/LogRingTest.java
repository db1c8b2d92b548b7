package io.fairlead.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LogRingTest {

  @Test
  @DisplayName("the last lines stay, as many as there is room for")
  void bounds() {
    LogRing ring = new LogRing();
    for (int i = 0; i < LogRing.LINES + 5; i++) {
      ring.add(i + "\n");
    }
    assertThat(ring.text().lines()).hasSize(LogRing.LINES).first().isEqualTo("5");
    ring.add("x".repeat(LogRing.CHARACTERS) + "\n");
    assertThat(ring.text()).hasSize(LogRing.CHARACTERS).endsWith("x\n");
    ring.add("last\n");
    assertThat(ring.text()).isEqualTo("last\n");
  }
}
