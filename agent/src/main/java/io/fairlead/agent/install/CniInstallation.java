package io.fairlead.agent.install;

import io.fairlead.agent.config.AgentConfiguration;
import io.fairlead.agent.node.FileReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files that a container runtime needs, in the folders that the configuration names: the CNI
 * binary, and the CNI configuration. Everything else in these folders is left alone. Not
 * thread-safe.
 */
public final class CniInstallation {

  /** Sorts before what other networks install, but leaves room for who wants to be first. */
  static final String CONFIG_NAME = "10-fairlead.conflist";

  private final AgentConfiguration configuration;
  private final @Nullable Path source;
  private final @Nullable InstalledFile binary;
  private final @Nullable InstalledFile config;

  /**
   * @param source the CNI binary of this agent's own version, or null if there is none
   */
  public CniInstallation(AgentConfiguration configuration, @Nullable Path source) {
    this.configuration = configuration;
    this.source = source;
    Path binaries = configuration.install().binaryFolder();
    this.binary =
        binaries == null
            ? null
            : new InstalledFile(binaries.resolve(NetworkList.PLUGIN), "rwxr-xr-x");
    Path configs = configuration.install().configFolder();
    // Only the runtime reads it, which is root.
    this.config =
        configs == null ? null : new InstalledFile(configs.resolve(CONFIG_NAME), "rw-------");
  }

  /** The binary that came with the classes of this program: ../cni/fairlead of its archives. */
  public static @Nullable Path bundledBinary() {
    return Distribution.file("cni/fairlead");
  }

  /** Whether there is anything to install. */
  public boolean isWanted() {
    return binary != null || config != null;
  }

  /** The folders whose changes matter. */
  Set<Path> folders() {
    Set<Path> folders = new LinkedHashSet<>();
    for (Path folder :
        new @Nullable Path[] {
          configuration.install().binaryFolder(),
          configuration.install().configFolder(),
          givenFolder()
        }) {
      if (folder != null) {
        folders.add(folder);
      }
    }
    return folders;
  }

  private @Nullable Path givenFolder() {
    Path given = configuration.install().config();
    return given == null || config == null ? null : given.toAbsolutePath().getParent();
  }

  /** Whether a change of the file {@code name} in one of the folders matters. */
  boolean concerns(Path folder, Path name) {
    return folder.equals(givenFolder()) // Where links may lead through names of any kind.
        || name.toString().equals(NetworkList.PLUGIN)
        || RivalConfigs.isConfig(name.toString());
  }

  /**
   * Installs the binary, or this agent's version over another, also while it runs.
   *
   * @return what was installed, if anything had to be
   * @throws IOException a sentence with the mend
   */
  public Optional<Path> installBinary() throws IOException {
    if (binary == null) {
      return Optional.empty();
    }
    Path from = source;
    if (from == null) {
      throw new IOException(
          "There is no cni/fairlead in this agent's folder, so no CNI binary can be installed."
              + " Run the agent from a whole distribution, or leave --cni-bin-dir empty");
    }
    try {
      return binary.copyOf(from) ? Optional.of(binary.path()) : Optional.empty();
    } catch (IOException e) {
      throw new IOException(failure("The CNI binary", binary.path(), "--cni-bin-dir", e), e);
    }
  }

  /**
   * Installs the configuration. From then on the runtime starts pods, so everything that attaches
   * them must be there.
   *
   * @return what was installed, if anything had to be
   * @throws IOException a sentence with the mend; what was installed earlier stays then
   */
  Optional<Path> installConfig() throws IOException {
    if (config == null) {
      return Optional.empty();
    }
    String text = text();
    try {
      return config.holding(text) ? Optional.of(config.path()) : Optional.empty();
    } catch (IOException e) {
      throw new IOException(
          failure("The CNI configuration", config.path(), "--cni-conf-dir", e), e);
    }
  }

  private static String failure(String what, Path file, String flag, IOException e) {
    Path folder = file.getParent();
    return what
        + " cannot be installed as "
        + file
        + ": "
        + (folder != null && !Files.isDirectory(folder)
            ? "the folder does not exist. Create it"
            : FileReason.of(e) + ". Mount the folder writable")
        + ", or name another with "
        + flag;
  }

  private String text() throws IOException {
    Path given = configuration.install().config();
    if (given == null) {
      return NetworkList.of(configuration);
    }
    String text;
    try {
      text = Files.readString(given);
    } catch (IOException e) {
      String reason = e instanceof NoSuchFileException ? "it does not exist" : FileReason.of(e);
      throw new IOException(
          "The CNI configuration "
              + given
              + " cannot be read: "
              + reason
              + ". Correct --cni-conf, or leave it out for the agent's own",
          e);
    }
    Optional<String> problem = NetworkList.problem(text);
    if (problem.isPresent()) {
      throw new IOException(
          "The CNI configuration " + given + " is not installed: " + problem.get());
    }
    return text;
  }

  /** The configurations of others that the runtime takes rather than ours, as sentences. */
  List<String> rivals() throws IOException {
    Path folder = configuration.install().configFolder();
    if (folder == null || !Files.isDirectory(folder)) {
      return List.of();
    }
    return RivalConfigs.before(folder, CONFIG_NAME).stream()
        .map(name -> RivalConfigs.problem(folder, name, CONFIG_NAME))
        .toList();
  }

  /** Removes the configuration, so that the runtime starts no more pods; says what it removed. */
  public List<String> withdrawConfig() throws IOException {
    return remove(config);
  }

  /** Removes the binary; says what it removed. */
  public List<String> withdrawBinary() throws IOException {
    return remove(binary);
  }

  private static List<String> remove(@Nullable InstalledFile file) throws IOException {
    if (file == null) {
      return List.of();
    }
    try {
      return file.remove() ? List.of("delete file " + file.path()) : List.of();
    } catch (IOException e) {
      throw new IOException(file.path() + " cannot be removed: " + FileReason.of(e), e);
    }
  }
}
