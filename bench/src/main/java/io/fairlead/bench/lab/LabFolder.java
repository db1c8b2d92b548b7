package io.fairlead.bench.lab;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The one folder that a lab's files are in. A helper process in a session of its own waits for the
 * end of its standard input, which comes when this object is closed or the JVM ends in whatever
 * way, kill -9 included; then it removes the folder. Thread-safe.
 */
public final class LabFolder implements AutoCloseable {

  /** Repeats, since processes that are about to die may still write. */
  private static final String REMOVE =
      """
      trap '' INT TERM HUP
      read -r _
      tries=0
      until rm -rf -- "$@" || [ $tries -ge 50 ]; do tries=$((tries + 1)); sleep 0.1; done
      """;

  private final Path path;
  private final Process remover;

  private LabFolder(Path path, Process remover) {
    this.path = path;
    this.remover = remover;
  }

  /**
   * Makes a folder that only root can enter.
   *
   * @param alsoRemoved other folders of the lab that go with it; they need not exist yet
   */
  public static LabFolder create(Path... alsoRemoved) throws IOException {
    Path path = Files.createTempDirectory("fairlead-lab-");
    List<String> command =
        new ArrayList<>(List.of("setsid", "sh", "-c", REMOVE, "sh", path.toString()));
    for (Path folder : alsoRemoved) {
      command.add(folder.toAbsolutePath().toString());
    }
    Process remover =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return new LabFolder(path, remover);
  }

  public Path path() {
    return path;
  }

  /** The folder {@code name}, made if it is missing. */
  public Path folder(String name) throws IOException {
    return Files.createDirectories(path.resolve(name));
  }

  /**
   * Replaces {@code file} by one with {@code content}, so that no reader ever sees a part of it.
   * The new file is first written outside of the file's folder.
   */
  public void replace(Path file, String content) throws IOException {
    moveInto(stage(content), file);
  }

  /** Writes a file that waits to be moved to its place. */
  Path stage(String content) throws IOException {
    return Files.writeString(Files.createTempFile(folder("staged"), "", ""), content);
  }

  /** Renames a staged file to {@code file}. */
  static void moveInto(Path staged, Path file) throws IOException {
    try {
      Files.move(staged, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException(file + " must be on the file system of the lab's folder", e);
    }
  }

  /** Removes everything; files of processes that still run may come back. */
  @Override
  public void close() {
    try {
      remover.getOutputStream().close();
      remover.waitFor(10, TimeUnit.SECONDS);
    } catch (IOException e) {
      remover.destroy();
    } catch (InterruptedException e) {
      // The remover goes on alone.
      Thread.currentThread().interrupt();
    }
  }
}
