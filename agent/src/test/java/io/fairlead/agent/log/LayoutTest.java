package io.fairlead.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LayoutTest {

  private static LoggingEvent event(String message, @Nullable Throwable thrown) {
    LoggingEvent event =
        new LoggingEvent(
            "caller",
            new LoggerContext().getLogger("io.fairlead.agent.Origin"),
            Level.WARN,
            message,
            thrown,
            new Object[] {"x"});
    event.setTimeStamp(1_700_000_000_123L);
    event.addKeyValuePair(new KeyValuePair("count", 3));
    event.addKeyValuePair(new KeyValuePair("name", "a b"));
    return event;
  }

  @Test
  @DisplayName("text: aligned, with pairs, and nothing that a terminal would obey (faults 16)")
  void text() {
    assertThat(new TextLayout(false).doLayout(event("it is {}\n\u001b[31m", null)))
        .isEqualTo(
            "2023-11-14T22:13:20.123Z WARN  Origin             it is x\\u000a\\u001b[31m"
                + " count=3 name=a b\n");
  }

  @Test
  @DisplayName("text: a colour only where asked for")
  void colour() {
    assertThat(new TextLayout(true).doLayout(event("m", null))).contains("\u001b[33mWARN\u001b[0m");
  }

  @Test
  @DisplayName("JSON: one object per line, numbers as numbers, the stack as a field")
  void json() throws Exception {
    String line = new JsonLayout().doLayout(event("it is {}", new IllegalStateException("boom")));
    assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
    JsonNode node = new ObjectMapper().readTree(line);
    assertThat(node.path("time").asText()).isEqualTo("2023-11-14T22:13:20.123Z");
    assertThat(node.path("level").asText()).isEqualTo("warn");
    assertThat(node.path("origin").asText()).isEqualTo("Origin");
    assertThat(node.path("message").asText()).isEqualTo("it is x");
    assertThat(node.path("count").isInt()).isTrue();
    assertThat(node.path("name").asText()).isEqualTo("a b");
    assertThat(node.path("stack").asText()).contains("IllegalStateException: boom");
  }
}
