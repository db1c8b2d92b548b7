package io.fairlead.bench.ffi;

import io.fairlead.bench.jmh.JavaCompiler;
import io.fairlead.bench.lab.LabNamespace;
import io.fairlead.bench.result.ProgressLines;
import io.fairlead.bench.result.Samples;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Time until the kernel has answered a process that was just started: since the process was asked
 * for, and since the beginning of main. Contenders take turns.
 */
final class StartBench {

  private static final String NAME = "ffi-start";

  private final LabNamespace namespace;
  private final Path folder;
  private final @Nullable CExchange floor;
  private final ProgressLines progress;

  StartBench(
      LabNamespace namespace, Path folder, @Nullable CExchange floor, ProgressLines progress) {
    this.namespace = namespace;
    this.folder = folder;
    this.floor = floor;
    this.progress = progress;
  }

  /** A program that prints the nanoseconds since its main as its first line. */
  private record Runner(String contender, String cache, List<String> command) {}

  /** Starts each of them so many times. */
  void run(int starts, Samples samples) throws IOException, InterruptedException {
    List<Runner> runners = new ArrayList<>();
    for (Contender contender : Contender.values()) {
      runners.add(new Runner(contender.title(), "none", java(contender, List.of())));
      Path cache = folder.resolve(contender.name() + ".aot");
      if (train(contender, cache)) {
        List<String> options = List.of("-XX:AOTCache=" + cache);
        runners.add(new Runner(contender.title(), "AOT", java(contender, options)));
      } else {
        progress.say("the JVM has written no AOT cache for " + contender.title());
      }
    }
    if (floor != null) {
      runners.add(new Runner(CExchange.CONTENDER, "none", floor.command(Exchange.LINK, 0, 0)));
    }
    progress.say(starts + " starts of each contender");
    for (int round = 0; round < starts; round++) {
      for (int i = 0; i < runners.size(); i++) {
        Runner runner = runners.get((round + i) % runners.size());
        Start start = start(runner.command());
        add(samples, runner, "process", start.sinceProcess());
        add(samples, runner, "main", start.sinceMain());
      }
    }
  }

  /** Whether the JVM has written a cache; it does so only where all of the class path are jars. */
  private boolean train(Contender contender, Path cache) throws InterruptedException {
    try {
      start(java(contender, List.of("-XX:AOTCacheOutput=" + cache)));
    } catch (IOException e) {
      progress.say("the training run failed: " + e.getMessage());
    }
    return Files.exists(cache);
  }

  private static void add(Samples samples, Runner runner, String since, long nanos) {
    samples.addNanos(
        NAME,
        Map.of("contender", runner.contender(), "cache", runner.cache(), "since", since),
        nanos);
  }

  private static List<String> java(Contender contender, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JavaCompiler.C1.options());
    command.addAll(options);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(FirstExchange.class.getName());
    command.add(contender.title());
    return command;
  }

  /** When the kernel had answered, in nanoseconds. */
  private record Start(long sinceProcess, long sinceMain) {}

  /** On the namespace's thread, so that the process is in that namespace. */
  private Start start(List<String> command) throws IOException, InterruptedException {
    return namespace.call(() -> {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      long begin = System.nanoTime();
      Process process = builder.start();
      try (BufferedReader output = process.inputReader()) {
        String line = output.readLine();
        long nanos = System.nanoTime() - begin;
        int exit = process.waitFor();
        if (line == null || exit != 0) {
          throw new IOException(command.getFirst() + " made no exchange and exited with " + exit);
        }
        return new Start(nanos, Long.parseLong(line));
      }
    });
  }
}
