package io.fairlead.cni.ipam;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** When the machine was started. */
public final class BootTime {

  private static final Path FILE = Path.of("/proc/stat");
  private static final String KEY = "btime ";

  private BootTime() {}

  /**
   * By the clock as it is set now, to the second: "btime" of proc(5). A clock that was set forward
   * since the boot makes files look older than the boot that are not.
   */
  public static Instant current() throws IOException {
    return parse(Files.readAllLines(FILE));
  }

  static Instant parse(List<String> lines) throws IOException {
    for (String line : lines) {
      if (line.startsWith(KEY)) {
        try {
          return Instant.ofEpochSecond(Long.parseLong(line.substring(KEY.length()).strip()));
        } catch (NumberFormatException e) {
          throw new IOException("the line \"" + line + "\" of " + FILE + " has no time", e);
        }
      }
    }
    throw new IOException(FILE + " does not say when the machine was started");
  }
}
