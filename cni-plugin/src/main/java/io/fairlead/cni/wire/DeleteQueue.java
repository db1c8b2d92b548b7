package io.fairlead.cni.wire;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * The folder in which the CNI binary leaves deletions while the agent is absent: one {@link
 * RequestFrame} per file, named so that names sort by time. The binary makes each file whole and
 * durable before it gets that name.
 *
 * <p>Replay: {@link #read}, handle each request, {@link #remove} it once it is done. A crash in
 * between replays a deletion twice, which is harmless.
 */
public final class DeleteQueue {

  private static final String SUFFIX = ".request";
  private static final String ASIDE = ".aside";
  private static final String PARTIAL = ".partial";

  /** Who writes a file writes it at once: what is older was left by a plugin that was killed. */
  private static final Duration LONGEST_WRITE = Duration.ofMinutes(1);

  private final Path folder;

  public DeleteQueue(Path folder) {
    this.folder = folder;
  }

  public Path folder() {
    return folder;
  }

  /** Whether a file of this name in the folder is a deletion that waits. */
  public boolean isDeletion(Path name) {
    return name.toString().endsWith(SUFFIX);
  }

  /** A request waiting in {@code file}. */
  public record Queued(Path file, CniRequest request) {}

  /**
   * What the folder holds.
   *
   * @param deletions oldest first
   * @param problems a sentence for each file that could not be read and was set aside under the
   *     name NAME.aside
   */
  public record Contents(List<Queued> deletions, List<String> problems) {}

  /**
   * Reads the folder; one that does not exist is empty.
   *
   * @throws IOException if the folder itself cannot be listed
   */
  public Contents read() throws IOException {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      stream.forEach(files::add);
    } catch (NoSuchFileException e) {
      return new Contents(List.of(), List.of());
    }
    files.sort(null);
    removePartial();
    List<Queued> deletions = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Path file : files) {
      try {
        deletions.add(new Queued(file, readDeletion(file)));
      } catch (IOException e) {
        problems.add(setAside(file, "it is unreadable: " + e.getMessage()));
      }
    }
    return new Contents(deletions, problems);
  }

  /**
   * Forgets a deletion that has been carried out.
   *
   * @throws IOException if its file cannot be removed; it will be replayed again
   */
  public void remove(Queued deletion) throws IOException {
    Files.deleteIfExists(deletion.file());
  }

  /**
   * Puts a deletion that cannot be carried out under another name, where a person may look at it.
   *
   * @return a sentence that says so
   */
  public String setAside(Queued deletion, String reason) {
    return setAside(deletion.file(), "it failed: " + reason);
  }

  private void removePartial() throws IOException {
    Instant before = Instant.now().minus(LONGEST_WRITE);
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, ".*" + PARTIAL)) {
      for (Path file : stream) {
        try {
          if (Files.getLastModifiedTime(file).toInstant().isBefore(before)) {
            Files.deleteIfExists(file);
          }
        } catch (NoSuchFileException e) {
          // It has its name by now.
        }
      }
    }
  }

  private static CniRequest readDeletion(Path file) throws IOException {
    long limit =
        RequestFrame.HEADER_LENGTH + RequestFrame.MAX_ENVIRONMENT + RequestFrame.MAX_CONFIGURATION;
    if (Files.size(file) > limit) {
      throw new FrameException("it is longer than any request");
    }
    CniRequest request = RequestFrame.read(Files.readAllBytes(file));
    String command = request.environment().getOrDefault("CNI_COMMAND", "");
    if (!command.equals("DEL")) {
      throw new FrameException("its command is \"" + command + "\" and not DEL");
    }
    return request;
  }

  private static String setAside(Path file, String reason) {
    String problem = "the queued deletion " + file + " is given up, " + reason;
    Path aside = file.resolveSibling(file.getFileName() + ASIDE);
    try {
      Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
      return problem + "; it was renamed to " + aside.getFileName();
    } catch (IOException e) {
      return problem + "; it could not be set aside: " + e.getMessage();
    }
  }
}
