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
  @DisplayName(
      "text: the message of an exception neither forges lines nor rules a terminal (faults 16)")
  void exceptionText() {
    String forged = "2023-11-14T22:13:20.123Z INFO  Agent              all is well";
    String text =
        new TextLayout(false)
            .doLayout(event("m", new IllegalStateException("a\n" + forged + "\u001b[2J\r\u202e")));
    assertThat(text.lines().skip(1)).allSatisfy(line -> assertThat(line).startsWith("  "));
    assertThat(text).contains("all is well\\u001b[2J\\u000d\\u202e").doesNotContain("\u001b");
  }

  @Test
  @DisplayName(
      "text: what changes a line's direction or ends it elsewhere is shown as well (faults 16)")
  void formatCharacters() {
    assertThat(new TextLayout(false).doLayout(event("a\u202eb\u2028c\u0085\u00e4", null)))
        .contains("a\\u202eb\\u2028c\\u0085\u00e4");
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
