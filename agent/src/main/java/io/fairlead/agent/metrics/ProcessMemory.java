package io.fairlead.agent.metrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** This process' memory, without the cost of the JDK's management beans. */
public final class ProcessMemory {

  private static final Path STATUS = Path.of("/proc/self/status");

  private ProcessMemory() {}

  /** VmRSS of proc(5), in bytes; 0 if it cannot be read. */
  public static long residentBytes() {
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith("VmRSS:")) {
          return 1024 * Long.parseLong(line.replaceAll("[^0-9]", ""));
        }
      }
    } catch (IOException | NumberFormatException e) {
      // Not Linux's usual proc; the gauge says 0.
    }
    return 0;
  }

  /** Bytes of the Java heap in use. */
  public static long heapBytes() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
