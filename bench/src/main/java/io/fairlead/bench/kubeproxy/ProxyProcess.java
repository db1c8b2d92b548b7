package io.fairlead.bench.kubeproxy;

import io.fairlead.bench.lab.LabNamespace;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A contender's process, with its output in a file. Not thread-safe. */
final class ProxyProcess implements AutoCloseable {

  /** USER_HZ, which is 100 wherever Linux runs Java (proc(5)). */
  private static final double MILLIS_PER_TICK = 10;

  private static final int LOG_LINES_IN_ERRORS = 8;
  private static final Duration STOP_LIMIT = Duration.ofSeconds(10);
  private static final long IDLE_MILLIS = 500;

  /** So much of a processor, in milliseconds per {@link #IDLE_MILLIS}, is idle. */
  private static final double IDLE_EFFORT = 30;

  private static final int MOST_IDLE_LOOKS = 120;

  private final String name;
  private final Process process;
  private final Path log;
  private final long started;

  private ProxyProcess(String name, Process process, Path log, long started) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.started = started;
  }

  static ProxyProcess start(
      String name, LabNamespace namespace, ProxyContender.Start start, Path log)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(start.command())
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(start.environment());
    long started = System.nanoTime();
    return new ProxyProcess(name, namespace.start(builder), log, started);
  }

  /** When it was started, by System.nanoTime. */
  long started() {
    return started;
  }

  /**
   * Does nothing as long as it runs.
   *
   * @throws IOException with the end of its output
   */
  void requireRunning() throws IOException {
    if (!process.isAlive()) {
      throw new IOException(
          name + " ended by itself with exit status " + process.exitValue() + said());
    }
  }

  /** What it wrote last, for an error. */
  String said() throws IOException {
    // kube-proxy's lines are UTF-8, but a program that breaks off may write anything.
    List<String> lines =
        new String(Files.readAllBytes(log), StandardCharsets.ISO_8859_1).lines().toList();
    return lines.isEmpty()
        ? "; it wrote nothing"
        : "; it wrote last:\n"
            + String.join(
                "\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_IN_ERRORS), lines.size()));
  }

  /** How much memory it has in use now, without programs that it executes, in bytes. */
  long residentBytes() throws IOException {
    Path status = Path.of("/proc", Long.toString(process.pid()), "status");
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmRSS:")) {
        return 1024 * Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException(name + " ended by itself" + said());
  }

  /**
   * Processor time so far in milliseconds, of itself and of the programs that it executed and that
   * ended, in steps of ten.
   */
  double processorMillis() throws IOException {
    requireRunning();
    String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
    // The name, which may have any characters, ends with the last parenthesis; state is field 3.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    long ticks = 0;
    for (int field = 14; field <= 17; field++) {
      ticks += Long.parseLong(fields[field - 3]);
    }
    return ticks * MILLIS_PER_TICK;
  }

  /** Waits until it does next to nothing, but not for ever. */
  void awaitIdle() throws IOException, InterruptedException {
    double before = processorMillis();
    for (int look = 0; look < MOST_IDLE_LOOKS; look++) {
      Thread.sleep(IDLE_MILLIS);
      double now = processorMillis();
      if (now - before <= IDLE_EFFORT && process.descendants().findAny().isEmpty()) {
        return;
      }
      before = now;
    }
  }

  /** Ends it and what it executes. */
  @Override
  public void close() {
    List<ProcessHandle> programs = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    programs.forEach(ProcessHandle::destroyForcibly);
  }
}
