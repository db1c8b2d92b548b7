package io.fairlead.agent.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The values that only NetworkPolicies have. */
final class PolicyValueParser {

  private static final Duration SHORTEST = Duration.ofSeconds(1);

  /** The CNI binary waits for 30 s by itself, and attaching takes time, too. */
  private static final Duration LONGEST = Duration.ofSeconds(25);

  private final ValueParser values;

  PolicyValueParser(ValueParser values) {
    this.values = values;
  }

  PolicyConfiguration read() {
    return new PolicyConfiguration(values.flag(ConfigurationKey.NETWORK_POLICIES), timeout());
  }

  private Duration timeout() {
    @Nullable Duration timeout = values.duration(ConfigurationKey.POLICY_TIMEOUT);
    if (timeout == null) {
      return LONGEST;
    }
    if (timeout.compareTo(SHORTEST) < 0 || timeout.compareTo(LONGEST) > 0) {
      values.problem(
          ConfigurationKey.POLICY_TIMEOUT,
          "is "
              + values.word(ConfigurationKey.POLICY_TIMEOUT)
              + ". Write 1s to 25s: runtimes ask again, and the CNI binary waits for 30 s at most");
    }
    return timeout;
  }
}
