package io.fairlead.bench.measure;

import io.fairlead.bench.lab.LabNamespace;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a rival's programs in a namespace, and measures them as their caller sees them. */
public final class Program {

  private static final Duration LIMIT = Duration.ofMinutes(10);

  private final LabNamespace namespace;

  public Program(LabNamespace namespace) {
    this.namespace = namespace;
  }

  /**
   * Runs a program, writes {@code input} and reads all that it prints.
   *
   * @return nanoseconds from before its start until its end
   * @throws IOException with what it printed, unless it exits with 0
   */
  public long run(String input, String... command) throws IOException, InterruptedException {
    End end = execute(input, command);
    if (end.exit() != 0) {
      throw new IOException(String.join(" ", List.of(command)) + " failed: " + head(end.text()));
    }
    return end.nanos();
  }

  /** Runs a program that may well fail, and returns its exit status. */
  public int attempt(String... command) throws IOException, InterruptedException {
    return execute("", command).exit();
  }

  private record End(int exit, String text, long nanos) {}

  private End execute(String input, String... command) throws IOException, InterruptedException {
    byte[] stdin = input.getBytes(StandardCharsets.UTF_8);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    return namespace.call(() -> {
      long begin = System.nanoTime();
      Process process = builder.start();
      Thread killer = Thread.ofVirtual().start(() -> killLate(process));
      try {
        try (OutputStream stream = process.getOutputStream()) {
          stream.write(stdin);
        } catch (IOException _) {
          // It ended without reading all; what it printed says why.
        }
        byte[] out = process.getInputStream().readAllBytes();
        int exit = process.waitFor();
        long nanos = System.nanoTime() - begin;
        return new End(exit, new String(out, StandardCharsets.UTF_8).strip(), nanos);
      } finally {
        process.destroyForcibly();
        killer.interrupt();
      }
    });
  }

  private static void killLate(Process process) {
    try {
      if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      // It ended, and nobody waits for it any more.
      Thread.currentThread().interrupt();
    }
  }

  private static String head(String text) {
    return text.length() <= 400 ? text : text.substring(0, 400) + "...";
  }
}
