package io.fairlead.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ConfigurationDocumentTest {

  private static final Path DOCUMENT =
      Path.of(System.getProperty("fairlead.root", ".."), "docs", "configuration.md");

  @ParameterizedTest
  @EnumSource
  void everyKeyIsDocumentedWithItsDefault(ConfigurationKey key) throws IOException {
    assertThat(Files.readAllLines(DOCUMENT))
        .anyMatch(line ->
            line.startsWith("| `" + key.key() + "` |")
                && (key.defaultValue().isEmpty() || line.contains("`" + key.defaultValue() + "`")));
  }
}
