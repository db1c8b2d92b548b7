package io.fairlead.agent.install;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The folder that this program came in, with lib, cni and share. Stateless.
 *
 * <p>Its launchers name it: a class that comes from a cache which was moved does not know where its
 * archive is.
 */
final class Distribution {

  private static final String HOME = "fairlead.home";

  private Distribution() {}

  /**
   * A file that came with this program.
   *
   * @param path below the distribution's folder, such as cni/fairlead
   * @return null if this program runs without one
   */
  static @Nullable Path file(String path) {
    String home = System.getProperty(HOME);
    if (home == null) {
      return null;
    }
    Path file = Path.of(home, path);
    return Files.isRegularFile(file) ? file : null;
  }
}
