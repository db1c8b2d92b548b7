package io.fairlead.agent.server;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;

/** The file of a Unix socket before somebody listens at it. */
public final class UnixSocketFile {

  private UnixSocketFile() {}

  /**
   * Makes way for a socket: makes the folder, and removes the file that a dead process left.
   *
   * @param key of the configuration, such as "admin-socket"
   * @throws ServerException if another process listens there, or the file is no socket
   * @throws IOException if the folder cannot be made or the file not removed
   */
  public static void claim(Path file, String key) throws IOException, ServerException {
    Files.createDirectories(Objects.requireNonNull(file.toAbsolutePath().getParent()));
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.isDirectory(file)) {
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

  /** Whether a process listens at {@code file}. */
  public static boolean isServed(Path file) {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return probe.connect(UnixDomainSocketAddress.of(file));
    } catch (IOException e) {
      return false;
    }
  }
}
