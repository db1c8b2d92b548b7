package io.fairlead.agent.install;

import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import org.jspecify.annotations.Nullable;

/** The folder that this program's archives came in, with lib, cni and share. Stateless. */
final class Distribution {

  private Distribution() {}

  /**
   * A file that came with the classes of this program.
   *
   * @param path below the distribution's folder, such as cni/fairlead
   * @return null if this program runs without one
   */
  static @Nullable Path file(String path) {
    CodeSource archive = Distribution.class.getProtectionDomain().getCodeSource();
    if (archive == null) {
      return null;
    }
    try {
      Path file = Path.of(archive.getLocation().toURI()).resolve("../../" + path).normalize();
      return Files.isRegularFile(file) ? file : null;
    } catch (URISyntaxException | IllegalArgumentException | FileSystemNotFoundException e) {
      return null;
    }
  }
}
