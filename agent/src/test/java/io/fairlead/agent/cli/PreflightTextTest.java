package io.fairlead.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.fairlead.agent.preflight.Finding;
import io.fairlead.agent.preflight.Finding.Level;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class PreflightTextTest {

  @Test
  @DisplayName("a line for each finding, with the mend below what is not fine")
  void text() {
    List<Finding> findings =
        List.of(
            new Finding(Level.OK, "kernel", "release", "6.1.0", ""),
            new Finding(Level.FAIL, "settings", "net.ipv4.ip_forward", "0", "Set it to 1"),
            new Finding(Level.WARN, "others", "ufw", "is at work", "Disable it"));
    assertThat(PreflightText.of(findings, false))
        .isEqualTo(
            """
            OK    kernel    release              6.1.0
            FAIL  settings  net.ipv4.ip_forward  0
                                                 Set it to 1.
            WARN  others    ufw                  is at work
                                                 Disable it.

            1 fail, 1 warnings: the agent would not do all it should.
            """);
    assertThat(PreflightText.of(findings, true)).contains("\u001b[31mFAIL\u001b[0m");
    assertThat(PreflightText.of(findings.subList(0, 1), false)).endsWith("\nAll is fine.\n");
  }
}
