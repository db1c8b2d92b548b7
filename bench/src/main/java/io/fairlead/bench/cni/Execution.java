package io.fairlead.bench.cni;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs programs as a runtime does and adds up the wall time from before each is started until its
 * output is read and it has ended. Not thread-safe.
 */
final class Execution {

  private static final long LIMIT_SECONDS = 30;

  private final Path errors;
  private long nanos;

  /**
   * @param errors a file for what programs print on standard error
   */
  Execution(Path errors) {
    this.errors = errors;
  }

  /** The time since the last call of this. */
  Duration take() {
    Duration taken = Duration.ofNanos(nanos);
    nanos = 0;
    return taken;
  }

  /** Something else that is measured. */
  interface Step {
    void take() throws IOException, InterruptedException;
  }

  /** Adds the time that {@code step} takes. */
  void time(Step step) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    step.take();
    nanos += System.nanoTime() - begin;
  }

  /** As below. */
  String run(LabNamespace namespace, Contender.Call call) throws IOException, InterruptedException {
    return run(namespace, call.command(), call.variables(), call.input());
  }

  /**
   * Runs a program in a namespace, with nothing in its environment but PATH and {@code variables}.
   *
   * @throws IOException with what it printed, unless it exits with 0
   */
  String run(
      LabNamespace namespace, List<String> command, Map<String, String> variables, String input)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(errors.toFile());
    builder.environment().clear();
    builder.environment().put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    builder.environment().putAll(variables);
    byte[] stdin = input.getBytes(StandardCharsets.UTF_8);
    long begin = System.nanoTime();
    Process process = namespace.call(builder::start);
    boolean complete = false;
    try {
      try (OutputStream stream = process.getOutputStream()) {
        stream.write(stdin);
      }
      String out;
      try (var stream = process.getInputStream()) {
        out = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      }
      complete = process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS);
      nanos += System.nanoTime() - begin;
      if (!complete || process.exitValue() != 0) {
        throw new IOException(
            String.join(" ", command) + " failed: " + (out + Files.readString(errors)).strip());
      }
      return out;
    } finally {
      if (!complete) {
        process.destroyForcibly();
      }
    }
  }
}
