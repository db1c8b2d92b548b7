package io.fairlead.agent.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class WatchedReportTest {

  private record Answer(String text) {}

  private final Deque<Runnable> later = new ArrayDeque<>();
  private final List<String> lines = new ArrayList<>();
  private String text = "a";
  private long version = 1;
  private int made;
  private boolean slow;
  private boolean failing;

  private AutoCloseable open() {
    WatchedReport watched =
        new WatchedReport(
            _ -> {
              made++;
              return failing
                  ? CompletableFuture.failedFuture(new IllegalStateException("not now"))
                  : CompletableFuture.completedFuture(new Answer(text));
            },
            () -> version,
            later::add);
    return watched.open(new Request("/watch/x", Map.of(), ""), line -> !slow && lines.add(line));
  }

  private void tick() {
    later.remove().run();
  }

  @Test
  @DisplayName("told at once, then when it became another, and not made while nothing can be new")
  void changes() {
    open();
    assertThat(lines).containsExactly("{\"text\":\"a\"}");
    tick();
    assertThat(made).as("the same version").isOne();
    version = 2;
    tick();
    assertThat(made).isEqualTo(2);
    assertThat(lines).as("equal after all").hasSize(1);
    text = "b";
    version = 3;
    tick();
    assertThat(lines).containsExactly("{\"text\":\"a\"}", "{\"text\":\"b\"}");
  }

  @Test
  @DisplayName("a line that was dropped comes again, a failure is no end, a closed one ends")
  void slowClient() throws Exception {
    slow = true;
    AutoCloseable opened = open();
    assertThat(lines).isEmpty();
    slow = false;
    tick();
    assertThat(lines).hasSize(1);
    failing = true;
    version = 2;
    tick();
    failing = false;
    text = "b";
    version = 3;
    tick();
    assertThat(lines).hasSize(2);
    opened.close();
    tick();
    assertThat(later).as("nobody looks any more").isEmpty();
  }
}
