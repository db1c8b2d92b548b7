package io.fairlead.agent.cni;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** Takes from this process the right to open any more files, until it is closed. */
final class DescriptorLimit implements AutoCloseable {

  /** What is open stays open; argv: process. */
  private static final String SCRIPT =
      """
      soft=$(prlimit --pid $1 --nofile --output SOFT --noheadings)
      read begin
      prlimit --pid $1 --nofile=1:
      echo exhausted
      sleep 2
      prlimit --pid $1 --nofile=$soft:
      echo restored
      """;

  private final Process script;

  DescriptorLimit() throws IOException {
    script =
        new ProcessBuilder("sh", "-c", SCRIPT, "sh", "" + ProcessHandle.current().pid())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    // Loads what reading and writing need.
    script.getOutputStream().write(' ');
    script.getOutputStream().flush();
  }

  /** From here on, for two seconds, opening a file fails with EMFILE. */
  void exhaust() throws IOException {
    script.getOutputStream().write('\n');
    script.getOutputStream().flush();
    byte[] said = script.getInputStream().readNBytes("exhausted\n".length());
    assertThat(new String(said, StandardCharsets.US_ASCII)).isEqualTo("exhausted\n");
  }

  boolean isAlive() {
    return script.isAlive();
  }

  @Override
  public void close() throws IOException {
    assertThat(new String(script.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
        .isEqualTo("restored\n");
    assertThat(script.onExit().orTimeout(10, TimeUnit.SECONDS).join().exitValue()).isZero();
  }
}
