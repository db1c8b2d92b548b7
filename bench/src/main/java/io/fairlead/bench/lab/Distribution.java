package io.fairlead.bench.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A runnable tree as "make dist" builds it.
 *
 * @param folder an absolute path
 */
public record Distribution(Path folder) {

  /** Names another tree than target/fairlead of the working directory. */
  private static final String PROPERTY = "fairlead.dist";

  public Distribution {
    folder = folder.toAbsolutePath().normalize();
  }

  /**
   * The tree that -Dfairlead.dist names, else target/fairlead of the project.
   *
   * @throws IOException saying how to build it if it is not there
   */
  public static Distribution required() throws IOException {
    Distribution distribution = named();
    if (!distribution.isComplete()) {
      throw new IOException(
          "there is no runnable fairlead in " + distribution.folder + "; build it with make dist");
    }
    return distribution;
  }

  /**
   * As {@link #required}, but null if nobody asked for a certain tree and it was not built.
   *
   * @throws IOException if -Dfairlead.dist names one that is not there
   */
  public static @Nullable Distribution ifBuilt() throws IOException {
    if (System.getProperty(PROPERTY) != null) {
      return required();
    }
    Distribution distribution = named();
    return distribution.isComplete() ? distribution : null;
  }

  private static Distribution named() {
    String given = System.getProperty(PROPERTY);
    Path project = Path.of(System.getProperty("fairlead.root", ""));
    return new Distribution(given != null ? Path.of(given) : project.resolve("target/fairlead"));
  }

  private boolean isComplete() {
    return Files.isExecutable(launcher()) && Files.isExecutable(cniPlugin());
  }

  /** The agent and command line; it must exec the JVM, so that both are one process. */
  public Path launcher() {
    return folder.resolve("bin/fairlead");
  }

  /** Whether it has a cache of loaded classes, with which the launcher starts the JVM sooner. */
  public boolean hasCache() {
    return Files.exists(folder.resolve("lib/fairlead.aot"));
  }

  /** What CNI_PATH names. */
  public Path cniFolder() {
    return folder.resolve("cni");
  }

  public Path cniPlugin() {
    return cniFolder().resolve("fairlead");
  }
}
