package io.fairlead.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.cli.Listing.Row;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ChangePrinterTest {

  private record Thing(String name, int size) {}

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private Instant now = Instant.parse("2026-01-02T03:04:05.678Z");

  private ChangePrinter printer(OutputFormat format) {
    return new ChangePrinter(
        new PrintStream(bytes, true, StandardCharsets.UTF_8),
        format,
        List.of("NAME", "SIZE"),
        () -> now);
  }

  private static Row row(String name, int size) {
    return new Row(name, List.of(name, size == 0 ? "" : "" + size), new Thing(name, size));
  }

  private String out() {
    String text = bytes.toString(StandardCharsets.UTF_8);
    bytes.reset();
    return text;
  }

  @Test
  @DisplayName("rows that came, changed and went, each with the time, in columns that stay")
  void text() {
    ChangePrinter printer = printer(OutputFormat.TEXT);
    printer.print(List.of(row("a", 1), row("long-name", 0)));
    assertThat(out())
        .isEqualTo(
            """
            TIME                  CHANGE  NAME       SIZE
            2026-01-02T03:04:05Z  added   a          1
            2026-01-02T03:04:05Z  added   long-name  -
            """);
    printer.print(List.of(row("a", 1), row("long-name", 0)));
    assertThat(out()).isEmpty();
    now = now.plusSeconds(60);
    printer.print(List.of(row("a", 2), row("b", 3)));
    assertThat(out())
        .isEqualTo(
            """
            2026-01-02T03:05:05Z  modified  a          2
            2026-01-02T03:05:05Z  added     b          3
            2026-01-02T03:05:05Z  deleted   long-name  -
            """);
  }

  @Test
  @DisplayName("for programs a line of JSON for each thing")
  void json() {
    ChangePrinter printer = printer(OutputFormat.JSON);
    printer.print(List.of(row("a", 1)));
    printer.print(List.of(row("a", 1)));
    printer.print(List.of());
    assertThat(out())
        .isEqualTo(
            """
            {"type":"ADDED","time":"2026-01-02T03:04:05Z","object":{"name":"a","size":1}}
            {"type":"DELETED","time":"2026-01-02T03:04:05Z","object":{"name":"a","size":1}}
            """);
  }

  @Test
  @DisplayName("rows that look the same are told apart by their order")
  void equalRows() {
    ChangePrinter printer = printer(OutputFormat.TEXT);
    printer.print(List.of(row("a", 1), row("a", 1)));
    assertThat(out().lines()).hasSize(3);
    printer.print(List.of(row("a", 1)));
    assertThat(out()).contains("deleted");
  }
}
