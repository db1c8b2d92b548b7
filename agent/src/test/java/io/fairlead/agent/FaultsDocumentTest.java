package io.fairlead.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The table of faults names every fault once, with tests that exist and name it themselves. */
class FaultsDocumentTest {

  private static final Path ROOT = Path.of(System.getProperty("fairlead.root", ".."));

  /** As scripts/edge-cases reads them: "faults 3", "faults 1, 9" and "faults 2-4". */
  private static final Pattern NAMED =
      Pattern.compile("faults (\\d+(?:-\\d+)?(?:(?:, | and )\\d+(?:-\\d+)?)*)");

  private static final Pattern ROW = Pattern.compile("\\| (\\d+) \\| .* \\| ([^|]*) \\|");

  /** The class names in the last column, by number. */
  private static SortedMap<Integer, List<String>> table() throws IOException {
    SortedMap<Integer, List<String>> table = new TreeMap<>();
    for (String line : Files.readAllLines(ROOT.resolve("docs").resolve("faults.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        int number = Integer.parseInt(row.group(1));
        List<String> tests = Arrays.asList(row.group(2).replace("`", "").split(", "));
        assertThat(table.put(number, tests)).as("fault %d is there twice", number).isNull();
      }
    }
    return table;
  }

  private static List<Integer> promised() throws IOException {
    String text = Files.readString(ROOT.resolve("docs").resolve("edge-cases.md"));
    String faults = text.substring(text.indexOf("\n## faults"), text.indexOf("\n## pod-network"));
    return Pattern.compile("(?m)^(\\d+)\\. ")
        .matcher(faults)
        .results()
        .map(number -> Integer.parseInt(number.group(1)))
        .toList();
  }

  /** The text of test sources by class name; several modules may have one of a name. */
  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.toList()) {
        Path tests = module.resolve("src/test/java");
        if (Files.isDirectory(tests)) {
          try (Stream<Path> files = Files.walk(tests)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
              String name = file.getFileName().toString().replace(".java", "");
              sources.merge(name, Files.readString(file), (a, b) -> a + "\n" + b);
            }
          }
        }
      }
    }
    return sources;
  }

  private static boolean names(String source, int number) {
    return NAMED
        .matcher(source)
        .results()
        .flatMap(match -> Arrays.stream(match.group(1).split(", | and ")))
        .anyMatch(part -> {
          String[] ends = part.split("-", -1);
          return Integer.parseInt(ends[0]) <= number
              && number <= Integer.parseInt(ends[ends.length - 1]);
        });
  }

  @Test
  @DisplayName("every fault is in the table once, with tests that exist and name it")
  void tableAndTestsAgree() throws IOException {
    SortedMap<Integer, List<String>> table = table();
    assertThat(table.keySet()).containsExactlyElementsOf(promised());
    Map<String, String> sources = sources();
    table.forEach((number, tests) -> {
      for (String test : tests) {
        assertThat(sources).as("tests of fault %d", number).containsKey(test);
        assertThat(names(sources.getOrDefault(test, ""), number))
            .as("%s names fault %d", test, number)
            .isTrue();
      }
    });
  }
}
