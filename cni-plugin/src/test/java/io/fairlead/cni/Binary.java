package io.fairlead.cni;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The C program, compiled for tests from the same source and by the same Makefile as for a release.
 */
public final class Binary {

  private static final Path MODULE = Path.of("").toAbsolutePath();
  private static final Path BINARY = MODULE.resolve("target/test-binary/fairlead");

  private Binary() {}

  /** How an execution ended. */
  public record Outcome(int exit, String stdout, String stderr) {}

  public static void build() throws IOException, InterruptedException {
    Process make =
        new ProcessBuilder("make", "-s", "OUT=" + BINARY)
            .directory(MODULE.resolve("src/main/c").toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(make.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (make.waitFor() != 0) {
      throw new AssertionError("the CNI binary does not compile: " + output);
    }
  }

  /** Executes it with nothing but {@code environment}, for at most 20 s. */
  public static Outcome run(Map<String, String> environment, byte[] stdin)
      throws IOException, InterruptedException {
    Path input = Files.createTempFile("fairlead-stdin", "");
    try {
      Files.write(input, stdin);
      ProcessBuilder builder = new ProcessBuilder(BINARY.toString());
      builder.environment().clear();
      builder.environment().putAll(environment);
      Process process = builder.redirectInput(input.toFile()).start();
      String stdout = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String stderr = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("the CNI binary did not end within 20 s");
      }
      return new Outcome(process.exitValue(), stdout, stderr);
    } finally {
      Files.delete(input);
    }
  }
}
