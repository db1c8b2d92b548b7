package io.fairlead.bench.lab;

import io.fairlead.dataplane.sys.NamespaceThread;
import io.fairlead.dataplane.sys.NetworkNamespace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * A network namespace without a name, with its loopback device up. Sockets opened and programs
 * started through it belong to it; programs are killed and the namespace is gone with this object,
 * and with the JVM at the latest, unless it is somebody else's. Thread-safe.
 */
public final class LabNamespace implements AutoCloseable {

  private static final Duration PROGRAM_LIMIT = Await.PATIENCE;

  private final String name;
  private final NamespaceThread thread;

  private LabNamespace(String name, NamespaceThread thread) {
    this.name = name;
    this.thread = thread;
  }

  /**
   * A new namespace.
   *
   * @param name of its thread, for people; the kernel knows none
   * @throws IOException without root, or if /proc/sys is read-only
   */
  public static LabNamespace create(String name) throws IOException, InterruptedException {
    LabNamespace made = new LabNamespace(name, NamespaceThread.create(name));
    try {
      // Duplicate address detection would make the addresses of a new interface wait for a second.
      made.sysctl("net/ipv6/conf/all/accept_dad", "0");
      made.sysctl("net/ipv6/conf/default/accept_dad", "0");
      made.ip("link set lo up");
    } catch (IOException | InterruptedException e) {
      made.close();
      throw e;
    }
    return made;
  }

  /**
   * A namespace that somebody else made, such as a container's; it stays when this object is
   * closed.
   *
   * @param path a file of nsfs
   */
  public static LabNamespace enter(String name, Path path) throws IOException {
    return new LabNamespace(name, NamespaceThread.enter(name, NetworkNamespace.open(path)));
  }

  public String name() {
    return name;
  }

  /** What identifies the namespace to the kernel and to nsenter while this object is open. */
  public Path path() {
    return thread.namespace().path();
  }

  /** The number in "net:[4026531840]", unique among the namespaces that exist at one time. */
  public long inode() throws IOException {
    return (Long) Files.getAttribute(path(), "unix:ino");
  }

  /** Runs {@code work} on the namespace's thread, one work at a time. */
  public <T> T call(Callable<T> work) throws IOException, InterruptedException {
    try {
      return thread.call(work);
    } catch (IOException | InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("work in the namespace " + name + " failed", e);
    }
  }

  /** One more thread in this namespace, for work that goes on; the caller closes it. */
  public NamespaceThread newThread(String threadName) throws IOException {
    return NamespaceThread.enter(threadName, NetworkNamespace.open(path()));
  }

  /** Sets /proc/sys/{@code key}; one that this kernel lacks is left out. */
  void sysctl(String key, String value) throws IOException, InterruptedException {
    call(() -> {
      Path file = Path.of("/proc/sys", key);
      return Files.exists(file) ? Files.writeString(file, value) : file;
    });
  }

  /** Applies lines of ip-batch(8). */
  void ip(String... lines) throws IOException, InterruptedException {
    ProgramOutput output = finish(List.of("ip", "-batch", "-"), String.join("\n", lines) + "\n");
    if (output.exit() != 0) {
      throw new IOException("ip -batch in " + name + ": " + output.error().strip());
    }
  }

  /** Runs a program, which must succeed, and returns what it printed. */
  public String run(String... command) throws IOException, InterruptedException {
    ProgramOutput output = tryRun(command);
    if (output.exit() != 0) {
      throw new IOException(
          String.join(" ", command)
              + " in "
              + name
              + " exited with "
              + output.exit()
              + ": "
              + output.error().strip());
    }
    return output.out();
  }

  /** Runs a program for at most a minute. */
  public ProgramOutput tryRun(String... command) throws IOException, InterruptedException {
    return finish(List.of(command), "");
  }

  private ProgramOutput finish(List<String> command, String input)
      throws IOException, InterruptedException {
    return Programs.finish(start(new ProcessBuilder(command)), input, PROGRAM_LIMIT);
  }

  /**
   * Starts a program that dies with this namespace at the latest. Changes the builder's command.
   */
  public Process start(ProcessBuilder builder) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(Programs.BOUND);
    command.add("--");
    command.addAll(builder.command());
    builder.command(command);
    return call(builder::start);
  }

  @Override
  public void close() {
    thread.close();
  }
}
