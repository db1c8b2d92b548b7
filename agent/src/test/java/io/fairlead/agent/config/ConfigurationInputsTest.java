package io.fairlead.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.fairlead.dataplane.testing.Decoding;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Configuration files. */
class ConfigurationInputsTest {

  @FuzzTest
  void file(byte[] input) {
    Decoding.of(
        input,
        ConfigurationException.class,
        () -> {
          List<String> problems = new ArrayList<>();
          Map<ConfigurationKey, LocatedValue> values =
              ConfigurationFile.read("config.yaml", input, problems);
          assertThat(problems).allSatisfy(problem -> assertThat(problem).startsWith("config.yaml"));
          DurationText.parse(new String(input, StandardCharsets.UTF_8));
          assertThat(values).doesNotContainValue(null);
        });
  }
}
