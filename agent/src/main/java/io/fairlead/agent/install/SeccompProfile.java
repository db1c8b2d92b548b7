package io.fairlead.agent.install;

import io.fairlead.agent.node.FileReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The seccomp profile that came with this program, where the kubelet looks for it. A container gets
 * its profile when it is made, by the name that its pod has, so a pod that names a file must find
 * the profile of its own image there as long as it lives: profiles of several versions stay beside
 * each other, and none is removed. Not thread-safe.
 */
public final class SeccompProfile {

  private static final String NAME = "[A-Za-z0-9][A-Za-z0-9_.-]{0,200}\\.json";

  private final InstalledFile file;
  private final @Nullable Path source;

  /**
   * @param folder the kubelet's, such as /var/lib/kubelet/seccomp
   * @param name of the file there, for which {@link #isName} holds
   * @param source the profile of this program's own version, or null if there is none
   */
  public SeccompProfile(Path folder, String name, @Nullable Path source) {
    // The container runtime reads it, which is root; there is nothing secret in it.
    this.file = new InstalledFile(folder.resolve(name), "rw-r--r--");
    this.source = source;
  }

  /** The profile that came with the classes of this program: ../share of its archives. */
  public static @Nullable Path bundled() {
    return Distribution.file("share/seccomp/fairlead.json");
  }

  /** Whether a file may be called so: a name that ends in .json, without any folder. */
  public static boolean isName(String name) {
    return name.matches(NAME);
  }

  /** Where it belongs. */
  public Path path() {
    return file.path();
  }

  /**
   * Installs it, unless an equal one is there.
   *
   * @return what was installed, if anything had to be
   * @throws IOException a sentence with the mend
   */
  public Optional<Path> install() throws IOException {
    Path from = source;
    if (from == null) {
      throw new IOException(
          "There is no share/seccomp/fairlead.json in this program's folder, so no seccomp profile"
              + " can be installed. Run it from the image, or leave out --seccomp-dir");
    }
    try {
      return file.copyOf(from) ? Optional.of(path()) : Optional.empty();
    } catch (IOException e) {
      Path folder = path().getParent();
      throw new IOException(
          "The seccomp profile cannot be installed as "
              + path()
              + ": "
              + (folder != null && !Files.isDirectory(folder)
                  ? "the folder does not exist. Create it"
                  : FileReason.of(e) + ". Mount the folder writable")
              + ", or name another with --seccomp-dir",
          e);
    }
  }
}
