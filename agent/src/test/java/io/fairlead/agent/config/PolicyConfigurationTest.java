package io.fairlead.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The keys of NetworkPolicies. */
class PolicyConfigurationTest {

  private static PolicyConfiguration read(String yaml) throws ConfigurationException {
    return new ConfigurationReader(Path.of("/etc/fl.yaml"), Map.of(), _ -> null, "host")
        .parse(yaml.getBytes(StandardCharsets.UTF_8))
        .policies();
  }

  @Test
  @DisplayName("policies are enforced unless somebody says otherwise")
  void defaults() throws ConfigurationException {
    assertThat(read("")).isEqualTo(new PolicyConfiguration(true, Duration.ofSeconds(10)));
  }

  @Test
  void values() throws ConfigurationException {
    assertThat(read("network-policies: false\npolicy-timeout: 25s"))
        .isEqualTo(new PolicyConfiguration(false, Duration.ofSeconds(25)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "network-policies: yes please | network-policies cannot be \"yes please\"",
        "policy-timeout: soon | policy-timeout \"soon\" is not a duration",
        "policy-timeout: 0 | policy-timeout is 0. Write 1s to 25s",
        "policy-timeout: 26s | policy-timeout is 26s. Write 1s to 25s"
      })
  @DisplayName("a bad value is refused with its place and the mend")
  void problems(String yaml, String sentence) {
    ConfigurationException refusal =
        catchThrowableOfType(ConfigurationException.class, () -> read(yaml));
    assertThat(refusal.getMessage()).contains("/etc/fl.yaml:1").contains(sentence);
  }
}
