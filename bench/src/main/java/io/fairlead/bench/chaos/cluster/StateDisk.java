package io.fairlead.bench.chaos.cluster;

import io.fairlead.bench.lab.Await;
import io.fairlead.bench.lab.Node;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A small file system in memory that a node's state folder is on, and that can be filled. It is
 * mounted in the mount namespace of a process that does nothing else, and reached through that
 * process's /proc/PID/root, so that it is gone with the node and nobody else sees a mount.
 */
public final class StateDisk {

  /** Room for what a node of a lab ever writes, many times. */
  private static final String SIZE = "4m";

  private static final String MOUNT =
      """
      mount -t tmpfs -o size=%s tmpfs "$1" && mkdir "$1/state" &&
      exec setpriv --bounding-set=-all,+net_admin --inh-caps=-all -- sleep infinity
      """
          .formatted(SIZE);

  private final Path folder;

  private StateDisk(Path folder) {
    this.folder = folder;
  }

  /**
   * Puts it in place, before the agent's first start.
   *
   * @throws IOException if this machine lets nobody mount anything
   */
  static StateDisk mount(Node node) throws IOException, InterruptedException {
    Path place = node.diskFolder();
    Path mountPoint = Files.createDirectories(place.resolveSibling("mounted"));
    ProcessBuilder builder =
        new ProcessBuilder(
            "unshare",
            "--mount",
            "--propagation",
            "private",
            "sh",
            "-c",
            MOUNT,
            "sh",
            mountPoint.toString());
    Process holder =
        node.namespace()
            .start(
                builder
                    .redirectErrorStream(true)
                    .redirectOutput(place.resolveSibling("mount.log").toFile()));
    // Relative to another process's root, of which symbolic links know nothing.
    Path folder = Path.of("/proc", Long.toString(holder.pid()), "root" + mountPoint);
    Await.until(
        "a tmpfs is mounted",
        Await.PATIENCE,
        () -> {
          if (!holder.isAlive()) {
            throw new IOException(
                "a tmpfs cannot be mounted here: "
                    + Files.readString(place.resolveSibling("mount.log")).strip());
          }
          return Files.isDirectory(folder.resolve("state"));
        });
    Files.deleteIfExists(node.stateFolder());
    Files.delete(place);
    Files.createSymbolicLink(place, folder);
    return new StateDisk(folder);
  }

  /** Leaves no byte free. */
  public void fill() throws IOException {
    byte[] some = new byte[4096];
    try (OutputStream out = Files.newOutputStream(folder.resolve("filling"))) {
      while (true) {
        out.write(some);
      }
    } catch (IOException _) {
      // No space left on device.
    }
  }

  /** Gives the room back. */
  public void free() throws IOException {
    Files.deleteIfExists(folder.resolve("filling"));
  }
}
