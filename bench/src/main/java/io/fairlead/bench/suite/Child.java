package io.fairlead.bench.suite;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The process of one measurement. What it says on standard error is passed on and kept in its log,
 * where its table goes, too.
 */
final class Child {

  private static final Pattern PROGRESS = Pattern.compile("\\s*\\d+\\.\\d s  .*");
  private static final int LAST_LINES = 3;
  private static final int FAREWELL_SECONDS = 10;

  private final Step step;
  private final Consumer<String> progress;
  private final List<String> complaints = new ArrayList<>();

  /**
   * @param progress takes each line of standard error
   */
  Child(Step step, Consumer<String> progress) {
    this.step = step;
    this.progress = progress;
  }

  /** Runs it to its end, to its time limit, or until this thread is interrupted. */
  Outcome run() throws IOException {
    Files.deleteIfExists(step.json());
    Files.deleteIfExists(step.log());
    long begin = System.nanoTime();
    Process process =
        new ProcessBuilder(step.command())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(step.log().toFile()))
            .start();
    Thread reader = Thread.ofPlatform().daemon().start(() -> read(process));
    try {
      boolean ended = process.waitFor(step.limitSeconds(), TimeUnit.SECONDS);
      if (!ended) {
        end(process);
        return Outcome.failed(
            step, since(begin), "it did not end within " + step.limitSeconds() + " s");
      }
      reader.join();
      return outcome(process.exitValue(), since(begin));
    } catch (InterruptedException e) {
      end(process);
      Thread.currentThread().interrupt();
      return Outcome.interrupted(step, since(begin), "it was ended by the user");
    }
  }

  private Outcome outcome(int exit, double seconds) {
    String complaint;
    synchronized (complaints) {
      complaint = String.join(" ", complaints);
    }
    if (exit != 0) {
      return Outcome.failed(
          step, seconds, "exit code " + exit + (complaint.isEmpty() ? "" : ": " + complaint));
    }
    return Files.exists(step.json())
        ? Outcome.done(step, seconds)
        : Outcome.failed(step, seconds, "it wrote no " + step.json().getFileName());
  }

  /** Ends it and what it started, and waits until it has gone. */
  private static void end(Process process) {
    List<ProcessHandle> all;
    try (Stream<ProcessHandle> descendants = process.descendants()) {
      all = new ArrayList<>(descendants.toList());
    }
    process.destroy();
    boolean gone = false;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(FAREWELL_SECONDS);
    boolean interrupted = false;
    while (!gone && System.nanoTime() < deadline) {
      try {
        gone = process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    process.destroyForcibly();
    all.forEach(ProcessHandle::destroyForcibly);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Passes on what it says, and remembers the last lines that are no progress. */
  private void read(Process process) {
    try (BufferedReader in = process.errorReader(StandardCharsets.UTF_8);
        Writer log =
            Files.newBufferedWriter(
                step.log(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        log.write(line + "\n");
        log.flush();
        progress.accept(line);
        if (!PROGRESS.matcher(line).matches() && !line.isBlank()) {
          remember(line.strip());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep what " + step.name() + " says", e);
    }
  }

  private void remember(String line) {
    synchronized (complaints) {
      complaints.add(line);
      if (complaints.size() > LAST_LINES) {
        complaints.removeFirst();
      }
    }
  }

  private static double since(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }
}
