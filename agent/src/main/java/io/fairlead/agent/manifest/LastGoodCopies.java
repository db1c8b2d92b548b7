package io.fairlead.agent.manifest;

import io.fairlead.agent.node.FileReason;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Manifests as they were when they could last be read whole. A file that is damaged, or half
 * written, while no agent runs must not make the next one take away what it said; yet it must not
 * keep the other files waiting either. A copy that cannot be kept is reported once and missed only
 * in that case. Not thread-safe.
 */
final class LastGoodCopies {

  private static final Logger LOG = LoggerFactory.getLogger(LastGoodCopies.class);

  /** Not a name of a manifest, so that no copy is ever called like it. */
  private static final String UNFINISHED = "unfinished";

  private final Path folder;
  private boolean reported;

  /**
   * @param folder for the copies alone; made when it is needed
   */
  LastGoodCopies(Path folder) {
    this.folder = folder;
  }

  /** The copy of a file, or null if there is none that can be read. */
  byte @Nullable [] read(String name) {
    try {
      return Files.readAllBytes(folder.resolve(name));
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      report(e);
      return null;
    }
  }

  void keep(String name, byte[] bytes) {
    try {
      Path copy = folder.resolve(name);
      if (Files.exists(copy)
          && Files.size(copy) == bytes.length
          && Arrays.equals(Files.readAllBytes(copy), bytes)) {
        return;
      }
      Files.createDirectories(folder);
      Path unfinished = folder.resolve(UNFINISHED);
      Files.write(unfinished, bytes);
      Files.move(unfinished, copy, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      report(e);
    }
  }

  void forget(String name) {
    try {
      Files.deleteIfExists(folder.resolve(name));
    } catch (IOException e) {
      report(e);
    }
  }

  /** Forgets all but {@code names}. */
  void retain(Set<String> names) {
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      for (Path copy : stream) {
        String name = copy.getFileName().toString();
        if (!names.contains(name)) {
          forget(name);
        }
      }
    } catch (NoSuchFileException e) {
      // Nothing was kept yet.
    } catch (IOException e) {
      report(e);
    } catch (DirectoryIteratorException e) {
      report(new IOException(e.getMessage(), e));
    }
  }

  private void report(IOException e) {
    if (!reported) {
      LOG.warn(
          "Copies of manifests cannot be kept in {}: {}. Check its rights and the free space",
          folder,
          FileReason.of(e));
      reported = true;
    }
  }
}
