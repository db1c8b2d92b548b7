package io.fairlead.agent.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;

/**
 * A folder for this user alone, in which a socket is made before it gets its name: the JDK listens
 * in the same step in which it makes the file, with the rights that the process's mask leaves. It
 * is removed when it is closed.
 *
 * @param path the folder, whose name is as short as can be: a socket's path has 107 bytes at most
 */
record PrivateFolder(Path path) implements AutoCloseable {

  /** Of a folder that nobody else may look into. */
  static final FileAttribute<Set<PosixFilePermission>> RIGHTS =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  /**
   * One in the folder of {@code file}, so that a move from there to it is a renaming. It has the
   * same name each time: what a process left that was killed in between is replaced.
   */
  static PrivateFolder beside(Path file) throws IOException {
    String name =
        "." + Integer.toHexString(String.valueOf(file.getFileName()).hashCode() & 0xffffff);
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent()).resolve(name);
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      new PrivateFolder(folder).close();
    }
    return new PrivateFolder(Files.createDirectory(folder, RIGHTS));
  }

  /** Where the socket is made. */
  Path socket() {
    return path.resolve("s");
  }

  /** Removes the folder, with a socket that did not get its name. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(socket());
    Files.delete(path);
  }
}
