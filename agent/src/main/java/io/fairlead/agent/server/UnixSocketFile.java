package io.fairlead.agent.server;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;

/** The file of a Unix socket before somebody listens at it. */
public final class UnixSocketFile {

  private static final int WRITABLE_BY_OTHERS = 0022;
  private static final int STICKY = 01000;

  private UnixSocketFile() {}

  /**
   * Makes way for a socket: makes the folder, for this user alone, and removes the file that a dead
   * process left. A symbolic link is never followed.
   *
   * @param key of the configuration, such as "admin-socket"
   * @throws ServerException if another process listens there, the file is no socket, or others may
   *     replace what is in the folder
   * @throws IOException if the folder cannot be made or the file not removed
   */
  public static void claim(Path file, String key) throws IOException, ServerException {
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    Files.createDirectories(folder, PrivateFolder.RIGHTS);
    requireSafe(folder, key);
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther()) {
      throw new ServerException(
          "The path of "
              + key
              + ", "
              + file
              + ", is something else than a socket. Remove it, or choose another --"
              + key,
          null);
    }
    if (isServed(file)) {
      throw new ServerException(
          "Another fairlead agent listens on "
              + file
              + ". Stop it, or choose another --"
              + key
              + " for this one",
          null);
    }
    Files.deleteIfExists(file);
  }

  /** Where others may rename files, they could put a socket of theirs in the place of ours. */
  private static void requireSafe(Path folder, String key) throws IOException, ServerException {
    int mode = (Integer) Files.getAttribute(folder, "unix:mode");
    if ((mode & WRITABLE_BY_OTHERS) != 0 && (mode & STICKY) == 0) {
      throw new ServerException(
          "Others may replace what is in the folder of "
              + key
              + ", "
              + folder
              + ". Take their right to write to it (chmod go-w), or choose another --"
              + key,
          null);
    }
  }

  /** Whether a process listens at {@code file}. */
  public static boolean isServed(Path file) {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return probe.connect(UnixDomainSocketAddress.of(file));
    } catch (IOException e) {
      return false;
    }
  }
}
