package io.fairlead.bench.memory;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process of Java has in memory now, in bytes.
 *
 * @param resident VmRSS of proc_pid_status(5)
 * @param proportional Pss of smaps_rollup: pages that it shares, such as those of the JDK's
 *     libraries and its cache, are divided among those who share them
 * @param heap of live objects, after a full collection
 */
record AgentMemory(long resident, long proportional, long heap) {

  private static final long BYTES_PER_KIBIBYTE = 1024;

  /** Looks at a process of this JDK that runs as this user; the heap last, as that changes it. */
  static AgentMemory of(ProcessHandle process) throws IOException, InterruptedException {
    Path folder = Path.of("/proc", Long.toString(process.pid()));
    long resident = field(folder.resolve("status"), "VmRSS:");
    long proportional = field(folder.resolve("smaps_rollup"), "Pss:");
    return new AgentMemory(resident, proportional, liveHeap(process.pid()));
  }

  private static long field(Path file, String name) throws IOException {
    for (String line : Files.readAllLines(file)) {
      if (line.startsWith(name)) {
        return BYTES_PER_KIBIBYTE * Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    throw new IOException(file + " has no " + name);
  }

  /** The last line of the histogram that jcmd prints, for which the process collects garbage. */
  private static long liveHeap(long pid) throws IOException, InterruptedException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    Process process =
        new ProcessBuilder(List.of(jcmd, Long.toString(pid), "GC.class_histogram"))
            .redirectErrorStream(true)
            .start();
    String last = "";
    try (BufferedReader lines = process.inputReader()) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line.isBlank() ? last : line;
      }
    }
    String[] words = last.strip().split("\\s+", -1);
    if (process.waitFor() != 0 || words.length != 3 || !words[0].equals("Total")) {
      throw new IOException("jcmd could not count the heap of process " + pid + ": " + last);
    }
    return Long.parseLong(words[2]);
  }
}
