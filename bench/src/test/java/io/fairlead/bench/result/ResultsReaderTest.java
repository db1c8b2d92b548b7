package io.fairlead.bench.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResultsReaderTest {

  @TempDir Path folder;

  @Test
  void whatIsWrittenIsReadAgain() throws Exception {
    Results written =
        new Results(
            Map.of("kernel", "6.18", "processors", "2"),
            List.of(
                new Cell(
                    "memory", Map.of("services", "10000", "what", "heap"), "MB", List.of(1.5, 2.0)),
                new Cell("throughput", Map.of(), "Gbit/s", List.of(-0.25))));
    Path file = folder.resolve("results.json");
    written.writeJson(file);
    assertThat(Results.read(file)).isEqualTo(written);
  }

  @ParameterizedTest
  @DisplayName("an error names the cell and the field")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | a result is an object with environment and cells, not an empty list",
        "{} | the result has no field environment",
        "{'environment': 7, 'cells': []} | environment is an object, not 7",
        "{'environment': {'kernel': {}}, 'cells': []}"
            + " | environment, \"kernel\" is a text or a number, not an object",
        "{'environment': {}} | the result has no field cells",
        "{'environment': {}, 'cells': {}} | cells is a list, not an object",
        "{'environment': {}, 'cells': [CELL, null]} | cell 2 is an object, not null",
        "{'environment': {}, 'cells': [{}]} | cell 1 has no field name",
        "{'environment': {}, 'cells': [{'name': ''}]} | cell 1: name is a text, not \"\"",
        "{'environment': {}, 'cells': [{'name': 'x'}]} | cell 1 (x) has no field params",
        "{'environment': {}, 'cells': [{'name': 'x', 'params': []}]}"
            + " | cell 1 (x), params is an object, not an empty list",
        "{'environment': {}, 'cells': [{'name': 'x', 'params': {'a': [1]}}]}"
            + " | cell 1 (x), params, \"a\" is a text or a number, not a list",
        "{'environment': {}, 'cells': [{'name': 'x', 'params': {}}]} | cell 1 (x) has no field unit",
        "{'environment': {}, 'cells': [CELL, {'name': 'x', 'params': {}, 'unit': 'ms'}]}"
            + " | cell 2 (x) has no field samples",
        "{'environment': {}, 'cells': [{'name': 'x', 'params': {}, 'unit': 'ms', 'samples': []}]}"
            + " | cell 1 (x): samples is a list of one number or more, not an empty list",
        "{'environment': {}, 'cells': [{'name': 'x', 'params': {}, 'unit': 'ms', 'samples': [1,"
            + " '2']}]} | cell 1 (x): sample 2 is a number, not \"2\"",
        "{'environment': {}, 'cells': [{'name': 'x', 'params': {}, 'unit': 'ms', 'samples':"
            + " [1e999]}]} | cell 1 (x): sample 1 is a number, not",
        "{'environment': {}, 'cells': [{'name': 'x', 'params': {}, 'unit': 'ms', 'n': 3,"
            + " 'samples': [1, 2]}]} | cell 1 (x): n is 3, but there are 2 samples",
      })
  void broken(String json, String sentence) throws Exception {
    String cell = "{'name': 'c', 'params': {}, 'unit': 'ms', 'n': 1, 'samples': [1]}";
    Path file = folder.resolve("broken.json");
    Files.writeString(file, json.replace("CELL", cell).replace('\'', '"'));
    assertThatIOException()
        .isThrownBy(() -> Results.read(file))
        .withMessageStartingWith(file + ": " + sentence);
  }

  @Test
  void anErrorOfSyntaxNamesTheLine() throws Exception {
    Path file = folder.resolve("broken.json");
    Files.writeString(file, "{\"environment\": {},\n \"cells\": [}");
    assertThatIOException()
        .isThrownBy(() -> Results.read(file))
        .withMessageStartingWith(file + ", line 2, column ")
        .withMessageContaining("this is no JSON");
    Files.writeString(file, "");
    assertThatIOException()
        .isThrownBy(() -> Results.read(file))
        .withMessage(file + ": a result is an object with environment and cells, not nothing");
  }

  @Test
  void aFileThatIsNotThere() {
    Path file = folder.resolve("none.json");
    assertThatIOException()
        .isThrownBy(() -> Results.read(file))
        .withMessage(file + " does not exist");
    assertThatIOException()
        .isThrownBy(() -> Results.read(folder))
        .withMessageStartingWith(folder + " cannot be read: ");
  }
}
