package io.fairlead.dataplane.sys;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Reads files of /proc/sys. The kernel has a number in one piece only: whoever asks for a part, as
 * Files.readString does of files whose size is unknown, gets one digit and then the end of the file
 * (proc_dointvec of linux/kernel/sysctl.c).
 */
public final class ProcFile {

  /** Larger than any such file is. */
  private static final int ROOM = 64 << 10;

  private ProcFile() {}

  /**
   * The whole text, without white space around it.
   *
   * @throws NoSuchFileException if there is none
   */
  public static String text(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new NoSuchFileException(file.toString());
    }
    byte[] bytes = new byte[ROOM];
    try (InputStream in = new FileInputStream(file.toFile())) {
      int length = in.readNBytes(bytes, 0, ROOM);
      return new String(bytes, 0, length, StandardCharsets.UTF_8).strip();
    }
  }
}
