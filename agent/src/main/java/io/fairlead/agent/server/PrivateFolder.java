package io.fairlead.agent.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;

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

  /** A new one in the folder of {@code file}, so that a move from there to it is a renaming. */
  static PrivateFolder beside(Path file) throws IOException {
    String name = "." + Integer.toHexString(ThreadLocalRandom.current().nextInt(1 << 24));
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent()).resolve(name);
    return new PrivateFolder(Files.createDirectory(folder, RIGHTS));
  }

  /** Removes the folder, with a socket that did not get its name. */
  @Override
  public void close() throws IOException {
    Files.deleteIfExists(path.resolve("s"));
    Files.delete(path);
  }
}
