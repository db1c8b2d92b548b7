package io.fairlead.agent.install;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A file in a folder that others look at. It is replaced by renaming a whole file that was synced
 * before, so no reader ever sees a part of it, and a program that runs from it goes on running. The
 * file that waits to be renamed is hidden and next to it, since a rename does not cross file
 * systems; one that a crash left behind goes with the next replacement or removal. Not thread-safe.
 */
final class InstalledFile {

  private final Path target;
  private final Path waiting;
  private final Set<PosixFilePermission> permissions;

  /**
   * @param permissions such as rwxr-xr-x
   */
  InstalledFile(Path target, String permissions) {
    this.target = target;
    this.waiting = target.resolveSibling("." + target.getFileName() + ".fairlead");
    this.permissions = PosixFilePermissions.fromString(permissions);
  }

  Path path() {
    return target;
  }

  /** Writes what the file is to hold. */
  @FunctionalInterface
  interface Content {
    void writeTo(Path file) throws IOException;
  }

  /**
   * Makes the file hold a copy of {@code source}.
   *
   * @return whether it was anything else before
   */
  boolean copyOf(Path source) throws IOException {
    Files.deleteIfExists(waiting);
    if (isAsWanted() && Files.mismatch(source, target) == -1) {
      return false;
    }
    replace(file -> Files.copy(source, file));
    return true;
  }

  /**
   * Makes the file hold {@code text}.
   *
   * @return whether it was anything else before
   */
  boolean holding(String text) throws IOException {
    Files.deleteIfExists(waiting);
    if (isAsWanted() && text.equals(Files.readString(target))) {
      return false;
    }
    replace(file -> Files.writeString(file, text));
    return true;
  }

  private boolean isAsWanted() throws IOException {
    try {
      return Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS)
          && Files.getPosixFilePermissions(target).equals(permissions);
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private void replace(Content content) throws IOException {
    try {
      content.writeTo(waiting);
      Files.setPosixFilePermissions(waiting, permissions);
      sync(waiting);
      Files.move(waiting, target, StandardCopyOption.ATOMIC_MOVE);
      sync(folder());
    } catch (IOException e) {
      Files.deleteIfExists(waiting);
      throw e;
    }
  }

  private Path folder() {
    Path folder = target.getParent();
    return folder == null ? Path.of("") : folder;
  }

  /** So that not even a power loss leaves half of it. */
  private static void sync(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Removes the file, and returns whether it was there. The folder stays. */
  boolean remove() throws IOException {
    boolean removed = Files.deleteIfExists(waiting);
    return Files.deleteIfExists(target) || removed;
  }
}
