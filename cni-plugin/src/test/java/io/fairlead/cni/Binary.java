package io.fairlead.cni;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The C program, compiled for tests from the same source and by the same Makefile as for a release.
 */
public final class Binary {

  private static final Path MODULE = Path.of("").toAbsolutePath();
  private static final Path BINARY = MODULE.resolve("target/test-binary/fairlead");

  private static final Path SANITIZED = MODULE.resolve("target/test-binary/fairlead-sanitized");

  /** No status that the plugin itself ends with. */
  static final int UNSOUND = 86;

  private Binary() {}

  /** How an execution ended. */
  public record Outcome(int exit, String stdout, String stderr) {}

  public static void build() throws IOException, InterruptedException {
    String output = make("OUT=" + BINARY);
    if (!output.isEmpty()) {
      throw new AssertionError("the CNI binary does not compile: " + output);
    }
  }

  /**
   * One that ends with status {@link #UNSOUND} and a report on stderr at the first access outside
   * an object and the first undefined operation; empty where the compiler has no libraries for it.
   */
  static Optional<Path> buildSanitized() throws IOException, InterruptedException {
    String output =
        make(
            "OUT=" + SANITIZED,
            "CFLAGS=-std=c11 -g -O1 -fsanitize=address,undefined -fno-sanitize-recover=all");
    return output.isEmpty() ? Optional.of(SANITIZED) : Optional.empty();
  }

  /** What make complains of; empty if it has built. */
  private static String make(String... variables) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("make", "-s"));
    command.addAll(List.of(variables));
    Process make =
        new ProcessBuilder(command)
            .directory(MODULE.resolve("src/main/c").toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(make.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return make.waitFor() == 0 ? "" : "make: " + output;
  }

  /** Executes it with nothing but {@code environment}, for at most 20 s. */
  public static Outcome run(Map<String, String> environment, byte[] stdin)
      throws IOException, InterruptedException {
    return run(BINARY, environment, stdin);
  }

  static Outcome run(Path binary, Map<String, String> environment, byte[] stdin)
      throws IOException, InterruptedException {
    Path input = Files.createTempFile("fairlead-stdin", "");
    try {
      Files.write(input, stdin);
      ProcessBuilder builder = new ProcessBuilder(binary.toString());
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
